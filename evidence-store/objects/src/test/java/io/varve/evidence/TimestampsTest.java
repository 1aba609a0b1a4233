package io.varve.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("custody")
final class TimestampsTest {
    private static final byte[] MESSAGE = "a checkpoint".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NONCE = {(byte) 0x81, 2, 3, 4, 5, 6, 7, 8};

    @Test
    void an_authority_answers_over_http_and_openssl_agrees_that_it_is_about_these_bytes(@TempDir Path folder)
            throws Exception {
        try (var authority = new TestAuthority();
                var client = HttpClient.newHttpClient()) {
            byte[] reply = client.send(
                            HttpRequest.newBuilder(authority.address())
                                    .header("Content-Type", Timestamps.QUERY)
                                    .POST(HttpRequest.BodyPublishers.ofByteArray(Timestamps.query(MESSAGE, NONCE)))
                                    .build(),
                            BodyHandlers.ofByteArray())
                    .body();
            assertThat(Timestamps.time(reply, MESSAGE, NONCE))
                    .isBetween(
                            Instant.now().minus(Duration.ofMinutes(1)),
                            Instant.now().plusSeconds(1));
            assumeTrue(openssl("version") == 0, "openssl is not installed");
            Path file = Files.write(folder.resolve("reply.tsr"), reply);
            Path data = Files.write(folder.resolve("data"), MESSAGE);
            Path authorities = authority.certificate(folder.resolve("authority.pem"));
            assertThat(verified(file, data, authorities)).isZero();
            Files.write(data, new byte[] {1});
            assertThat(verified(file, data, authorities)).isNotZero();
        }
    }

    @Test
    void an_answer_about_other_bytes_or_to_another_question_is_refused() throws Exception {
        try (var authority = new TestAuthority()) {
            byte[] reply = authority.stamp(Timestamps.query(MESSAGE, NONCE));
            assertThatThrownBy(() -> Timestamps.time(reply, new byte[] {1}, NONCE))
                    .isInstanceOf(IOException.class)
                    .hasMessage("the time stamp is about other bytes");
            assertThatThrownBy(() -> Timestamps.time(reply, MESSAGE, new byte[] {1}))
                    .isInstanceOf(IOException.class)
                    .hasMessage("the time stamp answers another question");
        }
    }

    @Test
    void an_answer_cut_short_or_altered_anywhere_is_refused_or_says_a_time_and_nothing_else_happens() throws Exception {
        try (var authority = new TestAuthority()) {
            byte[] reply = authority.stamp(Timestamps.query(MESSAGE, NONCE));
            for (int length = 0; length < reply.length; length++) {
                byte[] cut = Arrays.copyOf(reply, length);
                assertThatThrownBy(() -> Timestamps.time(cut, MESSAGE, NONCE)).isInstanceOf(IOException.class);
            }
            for (int i = 0; i < reply.length; i++) {
                byte[] altered = reply.clone();
                altered[i] ^= (byte) 0x55;
                try {
                    assertThat(Timestamps.time(altered, MESSAGE, NONCE)).isNotNull();
                } catch (IOException e) {
                    assertThat(e).hasMessageNotContaining("null");
                }
            }
        }
    }

    private static int verified(Path reply, Path data, Path authorities) throws Exception {
        return openssl(
                "ts", "-verify", "-in", reply.toString(), "-data", data.toString(), "-CAfile", authorities.toString());
    }

    private static int openssl(String... arguments) throws Exception {
        var command = new java.util.ArrayList<>(java.util.List.of("openssl"));
        command.addAll(java.util.List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getInputStream().readAllBytes();
            return process.waitFor();
        } catch (IOException e) {
            return -1;
        }
    }
}
