package io.varve.engine.child;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.engine.EngineProcess;
import io.varve.event.EventJson;
import io.varve.event.TimelineEvent;
import io.varve.event.wire.Frame;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The child through its real pipes, with a small worker on the other side.
@Timeout(60)
class ChildTest {
    private static final int LINES = 20_000;
    private static final JsonMapper JSON = new JsonMapper();

    private final List<TimelineEvent> events = new ArrayList<>();
    private final List<JsonNode> coverage = new ArrayList<>();
    private final List<Frame.Type> order = new ArrayList<>();
    private int largestRead;

    private static byte[] evidence() throws IOException {
        var out = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("var/log/syslog"));
            for (int i = 0; i < LINES; i++) {
                zip.write("2026-11-22T01:%02d:%02d+00:00 web01 app[%d]: message %d\n"
                        .formatted(i / 60 % 60, i % 60, i, i)
                        .getBytes(StandardCharsets.UTF_8));
            }
            zip.putNextEntry(new ZipEntry("notes.bin"));
            zip.write(new byte[] {0, 1, 2, 3});
        }
        return out.toByteArray();
    }

    private int run(byte[] evidence, long size, boolean failing) throws Exception {
        List<String> command = new ArrayList<>(EngineProcess.java());
        command.add("child");
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var out = new DataOutputStream(process.getOutputStream());
                var in = new DataInputStream(process.getInputStream())) {
            send(
                    out,
                    Frame.Type.JOB,
                    JSON.writeValueAsBytes(
                            Map.of("evidence", "ev-1", "evidenceKey", "main/ev-1", "name", "logs.zip", "size", size)));
            int exit = -1;
            for (Optional<Frame> frame = Frame.read(in); frame.isPresent(); frame = Frame.read(in)) {
                exit = answer(frame.get(), evidence, failing, out, exit);
            }
            assertThat(process.waitFor()).isZero();
            return exit;
        } finally {
            process.destroyForcibly();
        }
    }

    private int answer(Frame frame, byte[] evidence, boolean failing, DataOutputStream out, int exit)
            throws IOException {
        order.add(frame.type());
        switch (frame.type()) {
            case READ -> {
                ByteBuffer wanted = ByteBuffer.wrap(frame.payload());
                long offset = wanted.getLong();
                byte[] block = new byte[wanted.getInt()];
                largestRead = Math.max(largestRead, block.length);
                if (failing) {
                    send(out, Frame.Type.ERROR, "medium error".getBytes(StandardCharsets.UTF_8));
                    return exit;
                }
                System.arraycopy(evidence, (int) offset, block, 0, block.length);
                send(out, Frame.Type.BLOCK, block);
            }
            case EVENTS -> {
                for (String line : text(frame).lines().toList()) {
                    events.add(EventJson.read(line));
                }
            }
            case COVERAGE -> {
                for (String line : text(frame).lines().toList()) {
                    coverage.add(JSON.readTree(line));
                }
            }
            case END -> {
                return JSON.readTree(frame.payload()).path("exit").asInt();
            }
            case PROGRESS ->
                assertThat(JSON.readTree(frame.payload()).path("total").asLong())
                        .isNotNegative();
            case JOB, BLOCK, ERROR -> throw new AssertionError("the child sent " + frame.type());
        }
        return exit;
    }

    private static void send(DataOutputStream out, Frame.Type type, byte[] payload) throws IOException {
        new Frame(type, payload).write(out);
        out.flush();
    }

    private static String text(Frame frame) {
        return new String(frame.payload(), StandardCharsets.UTF_8);
    }

    @Test
    void events_and_coverage_come_back_in_batches_and_end_is_last() throws Exception {
        byte[] evidence = evidence();
        assertThat(run(evidence, evidence.length, false)).isZero();
        assertThat(events).hasSize(LINES);
        assertThat(events.getFirst().location().evidence()).isEqualTo("ev-1");
        assertThat(events.getFirst().location().path()).isEqualTo("/logs.zip!/var/log/syslog");
        assertThat(coverage).extracting(row -> row.path("status").asText()).containsExactly("parsed", "unparsed");
        assertThat(coverage).allMatch(row -> row.path("sha256").asText().length() == 64);
        assertThat(order.getLast()).isEqualTo(Frame.Type.END);
        assertThat(order.stream().filter(Frame.Type.EVENTS::equals).count()).isLessThan(LINES / 100);
        assertThat(largestRead).isLessThanOrEqualTo(PipeBytes.BLOCK * PipeBytes.AHEAD);
    }

    @Test
    void a_block_that_cannot_be_read_fails_the_evidence_with_the_reason() throws Exception {
        assertThat(run(new byte[0], 1 << 20, true)).isEqualTo(3);
        assertThat(coverage).hasSize(1);
        assertThat(coverage.getFirst().path("status").asText()).isEqualTo("failed");
        assertThat(coverage.getFirst().path("warnings").get(0).path("reason").asText())
                .contains("medium error");
    }

    @Test
    void a_worker_that_goes_away_ends_the_child() throws Exception {
        List<String> command = new ArrayList<>(EngineProcess.java());
        command.add("child");
        Process process = new ProcessBuilder(command).start();
        process.getOutputStream().close();
        assertThat(process.waitFor()).isNotZero();
        assertThat(process.getInputStream().readAllBytes()).isEmpty();
    }
}
