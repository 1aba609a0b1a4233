package io.varve.provider.defender;

import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.Channel.RemoteFile;
import io.varve.provider.http.Answer;
import io.varve.provider.http.Call;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// Fetches what commands of a live response brought to Microsoft's storage. The signed link needs no token and gets
/// none; one that has ended is asked for again.
final class Results {
    private static final int TRIES = 3;
    private static final Duration TIME = Duration.ofMinutes(30);
    /// Largest file that live response brings.
    private static final long LARGEST = 3L << 30;

    private final Defender defender;
    private final CaptureContext context;
    private final Path scratch;
    private int number;

    Results(Defender defender, CaptureContext context) throws IOException {
        this.defender = defender;
        this.context = context;
        this.scratch = context.scratch();
    }

    ScriptResult script(MachineAction action, int index) throws ProviderException, InterruptedException, IOException {
        Path raw = download(action, index, ScriptResult.LARGEST);
        try {
            return ScriptResult.read(Wrapping.maybeUnwrapped(Files.readAllBytes(raw), ScriptResult.LARGEST));
        } finally {
            Files.delete(raw);
        }
    }

    /// The file as it was on the host. When what arrived is no such file it is handed over as it is:
    /// who knows the digest will say so.
    Path file(MachineAction action, int index, RemoteFile file)
            throws ProviderException, InterruptedException, IOException {
        long most = file.size() > 0 ? file.size() + file.size() / 100 + (1 << 20) : LARGEST;
        Path raw = download(action, index, most);
        try {
            return Wrapping.unwrapped(raw, file, LARGEST);
        } catch (IOException e) {
            context.custody(
                    "live_response.damaged",
                    "%s arrived damaged from action %s (%s); its result is fetched again"
                            .formatted(file.path(), action.id(), e.getMessage()));
            Files.delete(raw);
        }
        Path again = download(action, index, most);
        try {
            return Wrapping.unwrapped(again, file, LARGEST);
        } catch (IOException e) {
            return again;
        }
    }

    private Path download(MachineAction action, int index, long most)
            throws ProviderException, InterruptedException, IOException {
        Path target = scratch.resolve("result-" + ++number);
        Answer answer = null;
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            URI link = defender.resultLink(action.id(), index);
            answer = defender.api().http().download(Call.read(link).within(TIME), target, most);
            if (answer.good()) {
                return target;
            }
        }
        throw new ProviderException(
                Kind.FAILED,
                "the result of %s cannot be fetched: Microsoft's storage answers %s"
                        .formatted(action.id(), answer == null ? "nothing" : Integer.toString(answer.status())));
    }
}
