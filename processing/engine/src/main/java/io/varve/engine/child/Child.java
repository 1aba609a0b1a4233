package io.varve.engine.child;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.binary.CorruptException;
import io.varve.binary.UnsupportedException;
import io.varve.disk.Evidence;
import io.varve.disk.Scratch;
import io.varve.disk.volume.Keys;
import io.varve.engine.Given;
import io.varve.engine.Parsers;
import io.varve.engine.Run;
import io.varve.engine.Totals;
import io.varve.event.wire.Frame;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Optional;
import java.util.OptionalInt;

/// `child`: parses one evidence item for a worker, as docs/engine.md says.
public final class Child {
    /// The run ended without its result; the worker sees that `END` is missing.
    private static final int BROKEN = 70;

    private Child() {}

    /// Speaks on standard input and output; nothing else may print there.
    public static int main() {
        OutputStream out = new FileOutputStream(FileDescriptor.out);
        InputStream in = new FileInputStream(FileDescriptor.in);
        System.setOut(System.err);
        try {
            run(in, out);
            return 0;
        } catch (IOException | RuntimeException e) {
            System.err.println("engine: " + e);
            return BROKEN;
        }
    }

    static void run(InputStream in, OutputStream out) throws IOException {
        var pipe = new Pipe(in, out);
        JsonNode job = new JsonMapper().readTree(pipe.receive(Frame.Type.JOB));
        String evidence = required(job, "evidence");
        String key = required(job, "evidenceKey");
        if (job.has("look")) {
            look(pipe, job);
            return;
        }
        var totals = new Totals();
        try (var output = new PipeOutput(pipe)) {
            var content = new PipeBytes(pipe, job.path("size").asLong());
            try (Evidence opened = Evidence.of(required(job, "name"), content, Scratch.temporary(), keys(job))) {
                Run.of(evidence, key, opened, given(job), Parsers.installed(), output, totals);
            } catch (IOException e) {
                Run.unopened(evidence, "/" + required(job, "name"), e, output, totals);
            }
        }
        pipe.send(new Frame(
                Frame.Type.END, "{\"exit\":%d}".formatted(totals.exitCode()).getBytes(StandardCharsets.UTF_8)));
    }

    /// A look that cannot be answered ends with the reason in `END`.
    private static void look(Pipe pipe, JsonNode job) throws IOException {
        var content = new PipeBytes(pipe, job.path("size").asLong());
        ObjectNode end = new JsonMapper().createObjectNode();
        try (Evidence opened = Evidence.of(required(job, "name"), content, Scratch.temporary(), keys(job))) {
            end.put("exit", new Look(pipe).at(opened, job.path("look")));
        } catch (IOException | CorruptException | UnsupportedException e) {
            end.put("exit", 3).put("reason", Scratch.reason(e));
        }
        pipe.send(new Frame(Frame.Type.END, end.toString().getBytes(StandardCharsets.UTF_8)));
    }

    private static Given given(JsonNode job) {
        Optional<ZoneId> zone =
                job.hasNonNull("zone") ? Optional.of(ZoneId.of(job.path("zone").asText())) : Optional.empty();
        OptionalInt year =
                job.hasNonNull("year") ? OptionalInt.of(job.path("year").asInt()) : OptionalInt.empty();
        return new Given(zone, year);
    }

    private static Keys keys(JsonNode job) {
        var keys = new ArrayList<Keys.Key>();
        job.path("keys")
                .forEach(key -> keys.add(new Keys.Key(
                        key.path("kind").asText(), key.path("value").asText())));
        return new Keys(keys);
    }

    private static String required(JsonNode job, String name) throws IOException {
        if (!job.path(name).isTextual()) {
            throw new IOException("job without " + name);
        }
        return job.path(name).asText();
    }
}
