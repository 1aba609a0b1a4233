package io.varve.provider.defender;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.evidence.Digest;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.CollectorScript;
import io.varve.provider.http.Answer;
import io.varve.provider.http.Call;
import io.varve.provider.http.Multipart;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The tenant's live response library, from which scripts are run on machines.
///
/// A script's name holds its digest, so two versions never meet under one name; a file of that name with other bytes
/// was swapped by somebody and is neither run nor overwritten.
final class Library {
    /// Largest file that the API takes.
    private static final int LARGEST = 20 << 20;

    private final MicrosoftApi api;
    private final Map<String, Integer> users = new HashMap<>();

    Library(MicrosoftApi api) {
        this.api = api;
    }

    /// Notes that one more capture of this process needs the file.
    synchronized void use(String fileName) {
        users.merge(fileName, 1, Integer::sum);
    }

    synchronized void leave(String fileName) {
        users.computeIfPresent(fileName, (_, count) -> count > 1 ? count - 1 : null);
    }

    synchronized int users(String fileName) {
        return users.getOrDefault(fileName, 0);
    }

    boolean holds(CollectorScript script) throws ProviderException, InterruptedException {
        return digest(script.fileName()).isPresent();
    }

    /// Puts the script there unless it is there already.
    void put(CollectorScript script) throws ProviderException, InterruptedException {
        if (script.content().length > LARGEST) {
            throw new ProviderException(Kind.REFUSED, "the collector is larger than the library takes");
        }
        if (!sameBytes(script) && !uploaded(script) && !sameBytes(script)) {
            throw new ProviderException(
                    Kind.FAILED, "the library did not take %s and does not hold it".formatted(script.fileName()));
        }
    }

    /// False when it was gone already.
    boolean delete(String fileName) throws ProviderException, InterruptedException {
        Call call = Call.delete(api.at(Service.DEFENDER, "/api/libraryfiles/" + MicrosoftApi.encoded(fileName)));
        Answer answer = api.ask(Service.DEFENDER, call);
        if (!answer.good() && answer.status() != 404) {
            throw api.refused(Permission.LIBRARY, call, answer);
        }
        return answer.good();
    }

    /// @throws ProviderException when the name is there with other bytes
    private boolean sameBytes(CollectorScript script) throws ProviderException, InterruptedException {
        Optional<Digest> there = digest(script.fileName());
        if (there.isPresent() && !there.get().equals(script.sha256())) {
            throw new ProviderException(
                    Kind.REFUSED,
                    ("the live response library holds %s with other bytes (SHA-256 %s, ours %s): somebody swapped the "
                                    + "collector. Nothing was run. Find out who (createdBy), then delete the file")
                            .formatted(script.fileName(), there.get(), script.sha256()));
        }
        return there.isPresent();
    }

    /// False when the name is taken: another capture was faster.
    private boolean uploaded(CollectorScript script) throws ProviderException, InterruptedException {
        Multipart form = new Multipart()
                .file("File", script.fileName(), script.content())
                .field("Description", "Varve collector, profile " + script.profile())
                .field("ParametersDescription", "verb folder job")
                .field("HasParameters", "true")
                .field("OverrideIfExists", "false");
        Call call = Call.multipart(api.at(Service.DEFENDER, "/api/libraryfiles"), form);
        Answer answer = api.ask(Service.DEFENDER, call);
        if (answer.good()) {
            return true;
        }
        if (answer.status() == 400 && sameBytes(script)) {
            return true;
        }
        throw api.refused(Permission.LIBRARY, call, answer);
    }

    private Optional<Digest> digest(String fileName) throws ProviderException, InterruptedException {
        Optional<java.net.URI> next = Optional.of(api.at(Service.DEFENDER, "/api/libraryfiles"));
        for (int page = 0; next.isPresent() && page < 20; page++) {
            JsonNode json = api.send(Permission.LIBRARY, Call.read(next.get())).json();
            for (JsonNode file : json.path("value")) {
                String sha256 = file.path("sha256").asText().toLowerCase(Locale.ROOT);
                if (file.path("fileName").asText().equals(fileName) && sha256.matches("[0-9a-f]{64}")) {
                    return Optional.of(new Digest(sha256));
                }
            }
            next = api.next(Service.DEFENDER, json);
        }
        return Optional.empty();
    }
}
