package io.varve.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NamesTest {
    @Test
    void plain_names_stay_as_they_are() {
        assertThat(text("größe 100%")).isEqualTo("größe 100%");
        assertThat(text("Sysmon%4Operational.evtx")).isEqualTo("Sysmon%4Operational.evtx");
        assertThat(Names.utf16("Sysmon%4Admin.evtx")).isEqualTo("Sysmon%4Admin.evtx");
    }

    @Test
    void bytes_that_are_not_utf_8_and_what_looks_like_an_escape_are_escaped() {
        assertThat(Names.text(new byte[] {'a', (byte) 0xe9, 'b'})).isEqualTo("a%E9b");
        assertThat(text("%E9")).isEqualTo("%25E9");
        assertThat(text("%25")).isEqualTo("%2525");
        assertThat(Names.utf16("%E9\ud800")).isEqualTo("%25E9%ED%A0%80");
        // as an agent writes the first two
        assertThat(Names.escaped("%25E9".getBytes(StandardCharsets.UTF_8))).isEqualTo("%25E9");
        assertThat(Names.escaped("100%25".getBytes(StandardCharsets.UTF_8))).isEqualTo("100%");
    }

    @Test
    void every_name_can_be_given_back() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            byte[] raw = new byte[random.nextInt(12)];
            for (int at = 0; at < raw.length; at++) {
                raw[at] = (byte) (random.nextBoolean() ? "%%42F5E9".charAt(random.nextInt(8)) : random.nextInt(256));
            }
            assertThat(decoded(Names.text(raw))).isEqualTo(raw);
        }
    }

    private static String text(String name) {
        return Names.text(name.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] decoded(String text) {
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[in.length];
        int length = 0;
        for (int i = 0; i < in.length; i++) {
            String next = i + 2 < in.length ? new String(in, i + 1, 2, StandardCharsets.ISO_8859_1) : "";
            if (in[i] == '%' && next.matches("[89A-F][0-9A-F]|25|2F|00|2E|21")) {
                out[length++] = (byte) Integer.parseInt(next, 16);
                i += 2;
            } else {
                out[length++] = in[i];
            }
        }
        return Arrays.copyOf(out, length);
    }
}
