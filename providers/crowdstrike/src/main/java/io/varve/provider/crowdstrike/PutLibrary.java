package io.varve.provider.crowdstrike;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.CollectorScript;
import io.varve.provider.http.Answer;
import io.varve.provider.http.Call;
import io.varve.provider.http.Multipart;
import java.time.Duration;
import java.util.Optional;

/// The tenant's library of files that `put` takes to hosts. The collector lies there under a name made of its content,
/// once for all captures.
final class PutLibrary {
    private static final String QUERY = "/real-time-response/queries/put-files/v1";
    private static final String FILES = "/real-time-response/entities/put-files/v2";
    private static final String DELETE = "/real-time-response/entities/put-files/v1";
    private static final String DESCRIPTION = "Varve collector, script of the host's own shell";
    /// A new file may not be found at once.
    private static final int MOST_LOOKS = 5;

    private final CrowdStrike falcon;

    PutLibrary(CrowdStrike falcon) {
        this.falcon = falcon;
    }

    private record Entry(String id, String sha256, String description) {}

    /// Makes sure that the collector is there, with its own content.
    ///
    /// @param capture for Falcon's audit log
    void ensure(CollectorScript script, String capture) throws ProviderException, InterruptedException {
        Optional<Entry> there = find(script.fileName());
        for (int i = 1; there.isEmpty(); i++) {
            if (i > MOST_LOOKS) {
                throw new ProviderException(
                        Kind.FAILED,
                        "CrowdStrike took %s into the library of put-files and does not list it"
                                .formatted(script.fileName()),
                        Optional.of(Duration.ofSeconds(30)));
            }
            upload(script, capture);
            there = find(script.fileName());
            if (there.isEmpty()) {
                falcon.pass(Duration.ofSeconds(2));
            }
        }
        if (!there.get().sha256.equalsIgnoreCase(script.sha256().hex())) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "the library of put-files holds %s with other content (SHA-256 %s instead of %s). Varve did not put it there: find out who did, and delete it"
                            .formatted(script.fileName(), CrowdStrike.plain(there.get().sha256, 64), script.sha256()));
        }
    }

    private void upload(CollectorScript script, String capture) throws ProviderException, InterruptedException {
        var form = new Multipart()
                .field("name", script.fileName())
                .field("description", DESCRIPTION)
                .field("comments_for_audit_log", "%s, capture %s".formatted(Rtr.ORIGIN, capture))
                .file("file", script.fileName(), script.content());
        Answer answer = falcon.answer(
                Scope.RTR_ADMIN, Call.multipart(falcon.uri(FILES), form).again());
        if (!answer.good() && answer.status() != 409) {
            throw CrowdStrike.failed(answer, "uploading the collector into the library of put-files");
        }
    }

    private Optional<Entry> find(String name) throws ProviderException, InterruptedException {
        JsonNode ids = falcon.read(Scope.RTR_ADMIN, QUERY, "filter", "name:'%s'".formatted(name), "limit", "100")
                .path("resources");
        for (JsonNode id : ids) {
            JsonNode file = falcon.read(Scope.RTR_ADMIN, FILES, "ids", id.asText(""))
                    .path("resources")
                    .path(0);
            if (file.path("name").asText("").equals(name)) {
                return Optional.of(new Entry(
                        file.path("id").asText(""),
                        file.path("sha256").asText(""),
                        file.path("description").asText("")));
            }
        }
        return Optional.empty();
    }

    /// Removes the collector when it is the one we put there.
    ///
    /// @return what was done, in words
    String remove(CollectorScript script) throws ProviderException, InterruptedException {
        Optional<Entry> there = find(script.fileName());
        if (there.isEmpty()) {
            return "%s is not in the library of put-files".formatted(script.fileName());
        }
        boolean ours = there.get().description.equals(DESCRIPTION)
                && there.get().sha256.equalsIgnoreCase(script.sha256().hex());
        if (!ours) {
            return "%s in the library of put-files is not Varve's and stays".formatted(script.fileName());
        }
        Answer answer = falcon.answer(Scope.RTR_ADMIN, Call.delete(falcon.uri(DELETE, "ids", there.get().id)));
        return answer.good() || answer.status() == 404
                ? "%s was removed from the library of put-files".formatted(script.fileName())
                : "%s stays in the library of put-files: %s".formatted(script.fileName(), CrowdStrike.said(answer));
    }
}
