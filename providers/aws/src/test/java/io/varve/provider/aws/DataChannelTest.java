package io.varve.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.aws.AgentMessage.BadMessageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/// The channel against a line that says what it likes.
final class DataChannelTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration SHORT = Duration.ofMillis(20);

    private final Wire wire = new Wire();
    private final DataChannel channel = new DataChannel(wire, Duration.ofMillis(5), 3);

    private static final class Wire implements DataChannel.Line {
        private final Deque<byte[]> coming = new ArrayDeque<>();
        private final List<AgentMessage> gone = new ArrayList<>();
        private final List<String> texts = new ArrayList<>();

        @Override
        public void text(String text) {
            texts.add(text);
        }

        @Override
        public void binary(byte[] message) throws IOException {
            try {
                gone.add(AgentMessage.of(message));
            } catch (BadMessageException e) {
                throw new IOException(e);
            }
        }

        @Override
        public Optional<byte[]> next(Duration most) throws InterruptedException {
            if (coming.isEmpty()) {
                Thread.sleep(most);
            }
            return Optional.ofNullable(coming.poll());
        }

        @Override
        public void close() {}

        List<Long> acknowledged() throws IOException {
            var numbers = new ArrayList<Long>();
            for (AgentMessage message : gone) {
                if (message.type().equals(AgentMessage.ACKNOWLEDGE)) {
                    numbers.add(JSON.readTree(message.payload())
                            .path("AcknowledgedMessageSequenceNumber")
                            .asLong());
                }
            }
            return numbers;
        }
    }

    private static AgentMessage message(String type, long sequence, int payloadType, String payload) {
        return new AgentMessage(
                type, 1, sequence, 0, UUID.randomUUID(), payloadType, payload.getBytes(StandardCharsets.UTF_8));
    }

    private void shows(long sequence, String text) {
        wire.coming.add(message(AgentMessage.OUTPUT, sequence, AgentMessage.TERMINAL, text)
                .bytes());
    }

    private String read() throws Exception {
        var all = new StringBuilder();
        for (Optional<byte[]> next = channel.next(SHORT); next.isPresent(); next = channel.next(SHORT)) {
            all.append(new String(next.get(), StandardCharsets.UTF_8));
        }
        return all.toString();
    }

    @Test
    void a_message_is_read_as_it_was_written_and_never_when_it_was_damaged() throws Exception {
        AgentMessage message = message(AgentMessage.OUTPUT, 7, AgentMessage.TERMINAL, "# ");
        byte[] bytes = message.bytes();
        AgentMessage again = AgentMessage.of(bytes);
        assertThat(again.type()).isEqualTo("output_stream_data");
        assertThat(again.sequence()).isEqualTo(7);
        assertThat(again.id()).isEqualTo(message.id());
        assertThat(again.payload()).asString(StandardCharsets.UTF_8).isEqualTo("# ");
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> AgentMessage.of(cut)).isInstanceOf(BadMessageException.class);
        }
        for (int at = 0; at < bytes.length; at++) {
            byte[] altered = bytes.clone();
            altered[at] ^= (byte) 0x81;
            boolean isGuarded = at < 4 || at >= 80 && at < 112 || at >= 116;
            if (isGuarded) {
                assertThatThrownBy(() -> AgentMessage.of(altered))
                        .as("byte %d", at)
                        .isInstanceOf(BadMessageException.class);
            } else {
                assertThat(AgentMessage.of(altered).payload()).isEqualTo(message.payload());
            }
        }
    }

    @Test
    void the_token_comes_first() throws Exception {
        channel.open("secret-token");
        JsonNode words = JSON.readTree(wire.texts.getFirst());
        assertThat(words.path("TokenValue").asText()).isEqualTo("secret-token");
        assertThat(words.path("MessageSchemaVersion").asText()).isEqualTo("1.0");
        assertThat(wire.gone).isEmpty();
    }

    @Test
    void what_is_too_far_ahead_is_not_taken_and_not_acknowledged() throws Exception {
        shows(5_000_000, "far");
        shows(Long.MAX_VALUE, "farther");
        shows(-1, "before");
        shows(1, "b");
        shows(0, "a");
        assertThat(read()).isEqualTo("ab");
        assertThat(wire.acknowledged()).containsExactly(-1L, 1L, 0L);
    }

    @Test
    void messages_that_wait_for_one_that_never_comes_are_bounded() throws Exception {
        for (int i = 1; i <= 3 * DataChannel.AHEAD; i++) {
            shows(i, "x");
        }
        assertThat(read()).isEmpty();
        assertThat(wire.acknowledged()).hasSize(DataChannel.AHEAD);
    }

    @Test
    void large_messages_that_wait_for_one_that_never_comes_are_bounded_too() throws Exception {
        String large = "x".repeat(DataChannel.FRAME / 2);
        for (int i = 1; i <= 40; i++) {
            shows(i, large);
        }
        assertThat(read()).isEmpty();
        assertThat(wire.acknowledged()).hasSize(32);
        shows(0, "a");
        assertThat(read()).hasSize(1 + 32 * large.length());
        shows(34, "c");
        shows(33, "b");
        assertThat(read()).isEqualTo("bc");
    }

    @Test
    void a_session_that_is_encrypted_with_a_key_of_the_cluster_is_refused_with_the_reason() {
        wire.coming.add(message(
                        AgentMessage.OUTPUT,
                        0,
                        AgentMessage.HANDSHAKE_REQUEST,
                        "{\"RequestedClientActions\":[{\"ActionType\":\"KMSEncryption\"},{\"ActionType\":\"SessionType\"}]}")
                .bytes());
        assertThatThrownBy(() -> channel.next(SHORT))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.REFUSED))
                .satisfies(e -> assertThat(e.reason()).contains("kmsKeyId"));
    }

    @Test
    void what_nobody_acknowledges_is_sent_again_and_given_up_in_the_end() {
        channel.type("echo\n");
        assertThatThrownBy(() -> channel.next(Duration.ofSeconds(20)))
                .asInstanceOf(InstanceOfAssertFactories.type(ProviderException.class))
                .satisfies(e -> assertThat(e.kind()).isEqualTo(Kind.FAILED))
                .satisfies(e -> assertThat(e.retryAfter()).isPresent());
        assertThat(wire.gone).hasSize(4).allMatch(sent -> sent.sequence() == 0);
    }

    @Test
    void no_more_than_a_window_is_on_its_way() throws Exception {
        channel.type("x".repeat(1024 * (DataChannel.WINDOW + 9)));
        channel.next(Duration.ZERO);
        assertThat(wire.gone).hasSize(DataChannel.WINDOW);
    }

    @Test
    void the_words_an_agent_ends_a_session_with_are_plain_and_short() {
        wire.coming.add(
                message(AgentMessage.CLOSED, 0, 0, "{\"Output\":\"\\u001b[2Jbye\\n%s\"}".formatted("a".repeat(5000)))
                        .bytes());
        assertThatThrownBy(() -> channel.next(SHORT))
                .isInstanceOf(ProviderException.class)
                .hasMessageContaining("bye")
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(600).matches("[\\x20-\\x7e]*"));
    }
}
