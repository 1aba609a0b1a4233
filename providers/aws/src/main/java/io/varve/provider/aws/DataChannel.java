package io.varve.provider.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.aws.AgentMessage.BadMessageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The client's side of one session's data channel: what is typed goes out in order and again until the agent
/// acknowledges it, what the terminal shows comes in once and in order, whatever the line drops, doubles or reorders.
///
/// One thread uses it: nothing happens but in [#type] and [#next]. Bounds: [#FRAME] bytes a message, [#AHEAD]
/// messages and [#AHEAD_BYTES] bytes out of their order, [#WINDOW] messages of ours on their way.
final class DataChannel implements AutoCloseable {
    /// Largest message that is taken.
    static final int FRAME = 1 << 20;
    /// Messages that wait for an earlier one.
    static final int AHEAD = 1024;
    static final long AHEAD_BYTES = 16L << 20;
    /// Messages of ours that no one has acknowledged.
    static final int WINDOW = 32;

    private static final JsonMapper JSON = new JsonMapper();
    /// As the agent's own client sends.
    private static final int PIECE = 1024;
    private static final int LONGEST_WORDS = 400;
    private static final int TERMINATE = 2;
    private static final int DONE = 1;
    private static final int NOT_SUPPORTED = 3;
    /// Told as our version; agents compare it with those of Amazon's client, which knew all we use from 1.1 on.
    private static final String VERSION = "1.2.0.0";

    private final Line line;
    private final Duration resend;
    private final int mostResends;
    private final Deque<AgentMessage> waiting = new ArrayDeque<>();
    private final Map<Long, Sent> sent = new LinkedHashMap<>();
    private final Map<Long, AgentMessage> ahead = new HashMap<>();
    private final Deque<byte[]> output = new ArrayDeque<>();
    private long aheadBytes;
    private long nextInput;
    private long nextOutput;
    private boolean isPaused;
    private Optional<String> closed = Optional.empty();

    /// Where messages travel: a WebSocket.
    interface Line extends AutoCloseable {
        void text(String text) throws IOException, InterruptedException;

        void binary(byte[] message) throws IOException, InterruptedException;

        /// The next binary message; empty when none came in this time.
        ///
        /// @throws IOException when the line broke
        Optional<byte[]> next(Duration most) throws IOException, InterruptedException;

        @Override
        void close();
    }

    private static final class Sent {
        private final byte[] frame;
        private long at;
        private int times;

        private Sent(byte[] frame) {
            this.frame = frame;
            this.at = System.nanoTime();
        }
    }

    /// @param resend after how long what nobody acknowledged is sent again
    /// @param mostResends of one message; then the channel is broken
    DataChannel(Line line, Duration resend, int mostResends) {
        this.line = line;
        this.resend = resend;
        this.mostResends = mostResends;
    }

    /// Says the token, which opens the channel.
    void open(String token) throws ProviderException, InterruptedException {
        ObjectNode words = JSON.createObjectNode()
                .put("MessageSchemaVersion", "1.0")
                .put("RequestId", UUID.randomUUID().toString())
                .put("TokenValue", token)
                .put("ClientId", UUID.randomUUID().toString())
                .put("ClientVersion", VERSION);
        try {
            line.text(JSON.writeValueAsString(words));
        } catch (IOException e) {
            throw broken("opening it: " + e.getMessage());
        }
    }

    /// Types text; it is sent while [#next] waits.
    void type(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < bytes.length; at += PIECE) {
            input(AgentMessage.TERMINAL, Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + PIECE)));
        }
    }

    private void input(int payloadType, byte[] payload) {
        waiting.add(new AgentMessage(
                AgentMessage.INPUT,
                System.currentTimeMillis(),
                nextInput++,
                0,
                UUID.randomUUID(),
                payloadType,
                payload));
    }

    /// What the terminal shows next; empty when it showed nothing in this time.
    ///
    /// @throws ProviderException FAILED when the channel broke or the session was ended, REFUSED when it
    /// wants what we do not speak
    Optional<byte[]> next(Duration most) throws ProviderException, InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        try {
            while (output.isEmpty()) {
                if (closed.isPresent()) {
                    throw broken("the session was ended: " + closed.get());
                }
                send();
                long left = Math.min(end - System.nanoTime(), resend.toNanos());
                Optional<byte[]> frame = line.next(Duration.ofNanos(Math.max(0, left)));
                if (frame.isPresent()) {
                    take(frame.get());
                } else if (System.nanoTime() >= end) {
                    return Optional.empty();
                }
            }
            send();
            return Optional.of(output.remove());
        } catch (IOException e) {
            throw broken(String.valueOf(e.getMessage()));
        }
    }

    private void send() throws IOException, ProviderException, InterruptedException {
        if (isPaused) {
            return;
        }
        long now = System.nanoTime();
        for (Map.Entry<Long, Sent> one : sent.entrySet()) {
            Sent message = one.getValue();
            // later ones wait longer each time: a container that is slow to start must not be flooded
            if (now - message.at > resend.toNanos() * Math.min(10, message.times + 1)) {
                if (++message.times > mostResends) {
                    throw broken("nobody acknowledges message %d".formatted(one.getKey()));
                }
                message.at = now;
                line.binary(message.frame);
            }
        }
        while (!waiting.isEmpty() && sent.size() < WINDOW) {
            AgentMessage message = waiting.remove();
            var going = new Sent(message.bytes());
            sent.put(message.sequence(), going);
            line.binary(going.frame);
        }
    }

    private void take(byte[] frame) throws IOException, ProviderException, InterruptedException {
        AgentMessage message;
        try {
            message = AgentMessage.of(frame);
        } catch (BadMessageException e) {
            // not acknowledged: the agent sends it again
            return;
        }
        switch (message.type()) {
            case AgentMessage.OUTPUT -> ordered(message);
            case AgentMessage.ACKNOWLEDGE -> acknowledged(json(message));
            case AgentMessage.PAUSE -> isPaused = true;
            case AgentMessage.START -> isPaused = false;
            case AgentMessage.CLOSED ->
                closed = Optional.of(words(json(message).path("Output").asText("")));
            default -> {}
        }
    }

    private void acknowledged(JsonNode content) {
        if (content.path("AcknowledgedMessageType").asText().equals(AgentMessage.INPUT)) {
            sent.remove(content.path("AcknowledgedMessageSequenceNumber").asLong(-1));
        }
    }

    private void ordered(AgentMessage message) throws IOException, ProviderException, InterruptedException {
        if (message.sequence() < nextOutput) {
            // ours was lost: it is acknowledged again, and not shown again
            acknowledge(message);
            return;
        }
        if (message.sequence() > nextOutput) {
            boolean fits = ahead.size() < AHEAD && aheadBytes + message.payload().length <= AHEAD_BYTES;
            // what is not kept is not acknowledged: the agent sends it again
            if (fits && message.sequence() - nextOutput <= 2L * AHEAD) {
                acknowledge(message);
                if (ahead.putIfAbsent(message.sequence(), message) == null) {
                    aheadBytes += message.payload().length;
                }
            }
            return;
        }
        acknowledge(message);
        Optional<AgentMessage> next = Optional.of(message);
        while (next.isPresent()) {
            show(next.get());
            nextOutput++;
            next = Optional.ofNullable(ahead.remove(nextOutput));
            aheadBytes -= next.map(one -> one.payload().length).orElse(0);
        }
    }

    private void acknowledge(AgentMessage message) throws IOException, InterruptedException {
        ObjectNode content = JSON.createObjectNode()
                .put("AcknowledgedMessageType", message.type())
                .put("AcknowledgedMessageId", message.id().toString())
                .put("AcknowledgedMessageSequenceNumber", message.sequence())
                .put("IsSequentialMessage", true);
        line.binary(new AgentMessage(
                        AgentMessage.ACKNOWLEDGE,
                        System.currentTimeMillis(),
                        0,
                        AgentMessage.ALONE,
                        UUID.randomUUID(),
                        0,
                        JSON.writeValueAsBytes(content))
                .bytes());
    }

    private void show(AgentMessage message) throws ProviderException {
        switch (message.payloadType()) {
            case AgentMessage.TERMINAL, AgentMessage.ERROR, AgentMessage.STANDARD_ERROR ->
                output.add(message.payload());
            case AgentMessage.HANDSHAKE_REQUEST -> greet(json(message));
            case AgentMessage.EXIT_CODE -> closed = Optional.of("its command ended");
            default -> {}
        }
    }

    /// The agent says what kind of session it is, and waits for our yes.
    private void greet(JsonNode request) throws ProviderException {
        ObjectNode response = JSON.createObjectNode().put("ClientVersion", VERSION);
        ArrayNode processed = response.putArray("ProcessedClientActions");
        ArrayNode errors = response.putArray("Errors");
        boolean isEncrypted = false;
        for (JsonNode action : request.path("RequestedClientActions")) {
            String type = words(action.path("ActionType").asText());
            boolean known = type.equals("SessionType");
            isEncrypted |= type.equals("KMSEncryption");
            String error = known ? "" : "Unsupported action " + type;
            processed
                    .addObject()
                    .put("ActionType", type)
                    .put("ActionStatus", known ? DONE : NOT_SUPPORTED)
                    .put("Error", error)
                    .putNull("ActionResult");
            if (!known) {
                errors.add(error);
            }
        }
        try {
            input(AgentMessage.HANDSHAKE_RESPONSE, JSON.writeValueAsBytes(response));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
        if (isEncrypted) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "the cluster encrypts sessions of exec with a KMS key of its own, which Varve does not speak: take kmsKeyId out of its executeCommandConfiguration for the time of the capture");
        }
    }

    private static JsonNode json(AgentMessage message) {
        try {
            JsonNode content = JSON.readTree(message.payload());
            return content == null ? JSON.createObjectNode() : content;
        } catch (IOException e) {
            return JSON.createObjectNode();
        }
    }

    /// What an agent in an attacker's container says, for people to read.
    static String words(String text) {
        String plain = text.replaceAll("[^\\x20-\\x7e]+", " ").strip();
        return plain.substring(0, Math.min(plain.length(), LONGEST_WORDS));
    }

    private static ProviderException broken(String why) {
        return new ProviderException(
                Kind.FAILED, "the exec session broke off: " + words(why), Optional.of(Duration.ofSeconds(10)));
    }

    /// Asks the agent to end the session; never throws.
    @Override
    public void close() {
        try {
            if (closed.isEmpty()) {
                byte[] flag =
                        ByteBuffer.allocate(Integer.BYTES).putInt(TERMINATE).array();
                input(AgentMessage.FLAG, flag);
                send();
            }
        } catch (IOException | ProviderException e) {
            // it ends with the line
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            line.close();
        }
    }
}
