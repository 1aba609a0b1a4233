package io.varve.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogFileTest {
    @TempDir
    Path folder;

    @Test
    void aLogThatGrowsKeepsTheNewestLinesInABoundedNumberOfFiles() throws IOException {
        try (LogFile log = new LogFile(folder.resolve("web.log"), 100)) {
            for (int i = 0; i < 1000; i++) {
                log.line("line " + i);
            }
            assertThat(log.lastLines()).endsWith("line 999").startsWith("line 980");
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.toList())
                    .hasSize(4)
                    .allSatisfy(file -> assertThat(file.toFile()).size().isLessThan(120));
        }
        assertThat(folder.resolve("web.log")).content().endsWith("line 999\n");
    }
}
