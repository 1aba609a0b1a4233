package io.varve.emulator.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.aws.ExecTrouble.Kind;
import io.varve.emulator.device.Command;
import io.varve.emulator.kit.ShellWords;
import io.varve.emulator.kit.WebSocket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// The agent's side of one exec session: a handshake, then a command behind a terminal with echo. Output goes out again
/// until it is acknowledged; a client that breaks a rule is told to [#violations].
final class ExecSession {
    private static final JsonMapper JSON = new JsonMapper();
    private static final int PIECE = 1024;
    private static final long RESEND_MILLIS = 400;
    private static final int MOST_RESENDS = 40;
    private static final int MOST_UNACKNOWLEDGED = 10_000;
    private static final Duration LONGEST = Duration.ofMinutes(10);
    private static final String INPUT = "input_stream_data";
    private static final String OUTPUT = "output_stream_data";
    private static final int TERMINAL = 1;
    private static final int HANDSHAKE_REQUEST = 5;
    private static final int HANDSHAKE_RESPONSE = 6;
    private static final int HANDSHAKE_COMPLETE = 7;
    private static final int FLAG = 10;

    private final String id;
    private final EcsContainer container;
    private final String command;
    private final WebSocket socket;
    private final ExecTrouble trouble;
    private final Consumer<String> violations;
    private final Map<Long, Out> unacknowledged = new TreeMap<>();
    private final Map<Long, AgentFrame> ahead = new HashMap<>();
    private final PipedOutputStream typed = new PipedOutputStream();
    private final CountDownLatch greeted = new CountDownLatch(1);
    private byte[] late = new byte[0];
    private long nextOutput;
    private long nextInput;
    private volatile boolean isStarted;
    private volatile boolean isOver;
    private volatile String pid = "";

    ExecSession(
            String id,
            EcsContainer container,
            String command,
            WebSocket socket,
            ExecTrouble trouble,
            Consumer<String> violations) {
        this.id = id;
        this.container = container;
        this.command = command;
        this.socket = socket;
        this.trouble = trouble;
        this.violations = violations;
    }

    private static final class Out {
        private final AgentFrame frame;
        private long at = System.nanoTime();
        private int times;

        private Out(AgentFrame frame) {
            this.frame = frame;
        }
    }

    /// Returns when the client has gone or the session is over.
    void run() throws IOException {
        Thread shell = Thread.ofPlatform().daemon().name("exec-shell-" + id).start(this::shell);
        Thread again = Thread.ofPlatform().daemon().name("exec-again-" + id).start(this::again);
        try {
            output(HANDSHAKE_REQUEST, request());
            for (WebSocket.Message message = socket.read(); !message.isClosed(); message = socket.read()) {
                take(message);
            }
        } finally {
            isOver = true;
            typed.close();
            kill();
            shell.interrupt();
            again.interrupt();
        }
    }

    private static byte[] request() throws IOException {
        ObjectNode request = JSON.createObjectNode().put("AgentVersion", "3.3.2299.0");
        request.putArray("RequestedClientActions")
                .addObject()
                .put("ActionType", "SessionType")
                .putObject("ActionParameters")
                .put("SessionType", "InteractiveCommands")
                .putNull("Properties");
        return JSON.writeValueAsBytes(request);
    }

    private void take(WebSocket.Message message) throws IOException {
        if (message.isText()) {
            violations.accept("text after the token");
            return;
        }
        AgentFrame frame;
        try {
            frame = AgentFrame.read(message.data());
        } catch (IOException e) {
            violations.accept("a bad message: " + e.getMessage());
            return;
        }
        switch (frame.type()) {
            case "acknowledge" -> acknowledged(frame);
            case INPUT -> input(frame);
            default -> violations.accept("a client sends " + frame.type());
        }
    }

    private void acknowledged(AgentFrame frame) throws IOException {
        JsonNode content = JSON.readTree(frame.payload());
        long number = content.path("AcknowledgedMessageSequenceNumber").asLong(-1);
        if (frame.flags() != 3
                || !content.path("IsSequentialMessage").asBoolean()
                || !content.path("AcknowledgedMessageType").asText().equals(OUTPUT)) {
            violations.accept("an acknowledgement that is none: " + content);
            return;
        }
        synchronized (unacknowledged) {
            Out out = unacknowledged.remove(number);
            if (out != null
                    && !out.frame
                            .id()
                            .toString()
                            .equals(content.path("AcknowledgedMessageId").asText())) {
                violations.accept("message %d acknowledged with another id".formatted(number));
            }
            if (number >= nextOutput) {
                violations.accept("message %d acknowledged before it was sent".formatted(number));
            }
        }
    }

    private void input(AgentFrame frame) throws IOException {
        if (trouble.isDue(Kind.LOSE_INPUT)) {
            return;
        }
        boolean isTyped = frame.payloadType() == TERMINAL;
        if (isTyped && !isStarted) {
            // rejected until the terminal is there: the client sends it again
            return;
        }
        if (frame.payload().length > PIECE) {
            violations.accept("%d bytes in one input".formatted(frame.payload().length));
        }
        if (frame.sequence() > nextInput) {
            ahead.put(frame.sequence(), frame);
        }
        if (!trouble.isDue(Kind.LOSE_ACKNOWLEDGEMENT)) {
            acknowledge(frame);
        }
        if (frame.sequence() != nextInput) {
            return;
        }
        for (AgentFrame next = frame; next != null; next = ahead.remove(nextInput)) {
            nextInput++;
            carry(next);
        }
    }

    private void carry(AgentFrame frame) throws IOException {
        switch (frame.payloadType()) {
            case TERMINAL -> {
                typed.write(frame.payload());
                typed.flush();
            }
            case HANDSHAKE_RESPONSE -> {
                JsonNode response = JSON.readTree(frame.payload());
                JsonNode action = response.path("ProcessedClientActions").path(0);
                if (!action.path("ActionType").asText().equals("SessionType")
                        || action.path("ActionStatus").asInt() != 1
                        || response.path("ClientVersion").asText().isEmpty()) {
                    violations.accept("a handshake that is none: " + response);
                }
                output(
                        HANDSHAKE_COMPLETE,
                        "{\"HandshakeTimeToComplete\":12345678,\"CustomerMessage\":\"\"}"
                                .getBytes(StandardCharsets.UTF_8));
                greeted.countDown();
            }
            case FLAG -> {
                if (ByteBuffer.wrap(frame.payload()).getInt() != 2) {
                    violations.accept("an unknown flag");
                }
                end("");
            }
            default -> violations.accept("an input of type " + frame.payloadType());
        }
    }

    private void acknowledge(AgentFrame frame) throws IOException {
        ObjectNode content = JSON.createObjectNode()
                .put("AcknowledgedMessageType", frame.type())
                .put("AcknowledgedMessageId", frame.id().toString())
                .put("AcknowledgedMessageSequenceNumber", frame.sequence())
                .put("IsSequentialMessage", true);
        plain("acknowledge", JSON.writeValueAsBytes(content));
    }

    private void plain(String type, byte[] payload) throws IOException {
        socket.binary(new AgentFrame(type, 0, 3, UUID.randomUUID(), 0, payload).write());
    }

    private void output(int payloadType, byte[] payload) throws IOException {
        AgentFrame frame;
        synchronized (unacknowledged) {
            if (unacknowledged.size() > MOST_UNACKNOWLEDGED) {
                throw new IOException("the client acknowledges nothing");
            }
            frame = new AgentFrame(OUTPUT, nextOutput++, 0, UUID.randomUUID(), payloadType, payload);
            unacknowledged.put(frame.sequence(), new Out(frame));
        }
        byte[] bytes = frame.write();
        byte[] held = late;
        late = new byte[0];
        if (trouble.isDue(Kind.BREAK)) {
            cut();
            throw new IOException("broken on purpose");
        }
        if (trouble.isDue(Kind.END)) {
            end("Session timed out");
            throw new IOException("ended on purpose");
        }
        if (trouble.isDue(Kind.PAUSE)) {
            plain("pause_publication", new byte[0]);
            pause(500);
            plain("start_publication", new byte[0]);
        }
        if (trouble.isDue(Kind.LATE)) {
            late = bytes;
        } else if (trouble.isDue(Kind.ALTER)) {
            byte[] altered = bytes.clone();
            altered[altered.length - 1] ^= 1;
            socket.binary(altered);
        } else if (!trouble.isDue(Kind.LOSE)) {
            socket.binary(bytes);
            if (trouble.isDue(Kind.REPEAT)) {
                socket.binary(bytes);
            }
        }
        if (held.length > 0) {
            socket.binary(held);
        }
    }

    /// The line is gone without a word.
    private void cut() throws IOException {
        isOver = true;
        socket.abort();
    }

    private void end(String words) throws IOException {
        isOver = true;
        ObjectNode content = JSON.createObjectNode()
                .put("MessageId", UUID.randomUUID().toString())
                .put("CreatedDate", "now")
                .put("DestinationId", id)
                .put("SessionId", id)
                .put("MessageType", "channel_closed")
                .put("SchemaVersion", 1)
                .put("Output", words);
        plain("channel_closed", JSON.writeValueAsBytes(content));
    }

    private void again() {
        try {
            while (!isOver) {
                pause(RESEND_MILLIS / 4);
                var due = new java.util.ArrayList<byte[]>();
                synchronized (unacknowledged) {
                    long now = System.nanoTime();
                    for (Out out : unacknowledged.values()) {
                        if (now - out.at > TimeUnit.MILLISECONDS.toNanos(RESEND_MILLIS)) {
                            out.at = now;
                            if (++out.times > MOST_RESENDS) {
                                violations.accept("nobody acknowledges message " + out.frame.sequence());
                                cut();
                                return;
                            }
                            due.add(out.frame.write());
                        }
                    }
                }
                for (byte[] bytes : due) {
                    socket.binary(bytes);
                }
            }
        } catch (IOException e) {
            // the client is gone
        }
    }

    private static void pause(long millis) throws IOException {
        try {
            new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    private void shell() {
        try {
            greeted.await();
            List<String> words = ShellWords.of(command);
            if (!container.shell()) {
                end(
                        "----------ERROR-------\nUnable to start command: Failed to start pty: fork/exec %s: no such file or directory"
                                .formatted(words.getFirst()));
                return;
            }
            var stdin = new PipedInputStream(typed, 1 << 16);
            isStarted = true;
            String line = words.stream()
                    .map(word -> "'" + word.replace("'", "'\\''") + "'")
                    .collect(Collectors.joining(" "));
            container.device().stream(
                    new Command(
                            List.of(
                                    "/bin/sh",
                                    "-c",
                                    "echo $$ >&2; exec script -q -e -E always -c \"$0\" /dev/null",
                                    "exec " + line),
                            "/",
                            new byte[0],
                            LONGEST),
                    stdin,
                    new Pieces(),
                    new Told());
            if (!isOver) {
                end("");
            }
        } catch (IOException e) {
            // the session is over
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The terminal goes away, and with it what waits for it.
    private void kill() throws IOException {
        if (pid.matches("\\d+")) {
            container.device().run(Command.of("kill", "-KILL", "--", "-" + pid, pid));
        }
    }

    /// Output of the terminal, a piece a message.
    private final class Pieces extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] data, int start, int length) throws IOException {
            if (isOver) {
                throw new IOException("the session is over");
            }
            for (int at = start; at < start + length; at += PIECE) {
                output(TERMINAL, Arrays.copyOfRange(data, at, Math.min(start + length, at + PIECE)));
            }
        }
    }

    /// Its first line is the process.
    private final class Told extends OutputStream {
        private final ByteArrayOutputStream all = new ByteArrayOutputStream();

        @Override
        public void write(int b) {
            all.write(b);
            if (b == '\n' && pid.isEmpty()) {
                pid = all.toString(StandardCharsets.US_ASCII).strip();
            }
        }
    }
}
