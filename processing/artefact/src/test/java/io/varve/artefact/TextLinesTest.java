package io.varve.artefact;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.binary.Bytes;
import io.varve.binary.Limits;
import io.varve.event.EventData;
import io.varve.event.RecordLocator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TextLinesTest {
    private final List<String> warnings = new ArrayList<>();

    @Test
    void bothLineEndsAndAMissingLastOne() throws IOException {
        assertThat(lines("one\r\ntwo\n\nfour".getBytes(StandardCharsets.UTF_8)))
                .containsExactly("0 one", "5 two", "9 ", "10 four");
    }

    @Test
    void bytesThatAreNotUtf8AreKeptVisibly() throws IOException {
        assertThat(lines(new byte[] {'a', (byte) 0xe9, 'b', (byte) 0xc3, (byte) 0xa9, (byte) 0xff}))
                .containsExactly("0 a\\xE9bé\\xFF");
    }

    @Test
    void aByteOrderMarkIsNotText() throws IOException {
        assertThat(lines("\ufeffa\nb".getBytes(StandardCharsets.UTF_8))).containsExactly("3 a", "5 b");
    }

    @Test
    void aLineLongerThanTheLimitIsCutAndSaidSo() throws IOException {
        byte[] content = new byte[Limits.LINE + 12];
        Arrays.fill(content, (byte) 'x');
        content[Limits.LINE + 10] = '\n';
        List<String> lines = lines(content);
        assertThat(lines).hasSize(2);
        assertThat(lines.getFirst()).hasSize(Limits.LINE + 2);
        assertThat(lines.getLast()).isEqualTo((Limits.LINE + 11) + " x");
        assertThat(warnings).containsExactly("0 line of 1048586 bytes cut to 1048576");
    }

    private List<String> lines(byte[] content) throws IOException {
        TextLines lines = TextLines.of(Bytes.of(content), new Warnings());
        var all = new ArrayList<String>();
        for (Optional<TextLines.Line> line = lines.next(); line.isPresent(); line = lines.next()) {
            all.add(line.get().offset() + " " + line.get().text());
        }
        return all;
    }

    private final class Warnings implements EventSink {
        @Override
        public void record(RecordLocator where, EventData... data) {
            throw new AssertionError();
        }

        @Override
        public void rejected(long offset, String reason) {
            throw new AssertionError();
        }

        @Override
        public void warning(long offset, String reason) {
            warnings.add(offset + " " + reason);
        }
    }
}
