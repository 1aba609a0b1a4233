package io.varve.supervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataFolderTest {
    @TempDir
    Path folder;

    @Test
    void keysAreClosedToOthers() throws Exception {
        Settings settings = new Settings(folder, folder.resolve("data"), 0, 0);
        try (DataFolder taken = DataFolder.take(settings)) {
            assertThat(taken).isNotNull();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(settings.keys())))
                    .isEqualTo("rwx------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(settings.data())))
                    .isEqualTo("rwx--x--x");
        }
    }

    @Test
    void evidenceIsClosedToOthersAlsoInAnOlderFolder() throws Exception {
        Path objects = Files.createDirectories(folder.resolve("data/objects"));
        try (DataFolder taken = DataFolder.take(new Settings(folder, folder.resolve("data"), 0, 0))) {
            assertThat(taken).isNotNull();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(objects)))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void aFolderThatCannotBeMadeIsSaidPlainly() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> DataFolder.take(new Settings(folder, file, 0, 0)))
                .isInstanceOf(StartException.class)
                .hasMessageContaining(file.toString());
    }

    @Test
    void aBusyPortIsSaidWithTheOptionThatChoosesAnother() throws Exception {
        try (ServerSocket busy = new ServerSocket(0)) {
            assertThatThrownBy(() -> Ports.requireFree(busy.getLocalPort(), "--port"))
                    .isInstanceOf(StartException.class)
                    .hasMessageContaining(busy.getLocalPort() + " is in use")
                    .hasMessageContaining("--port");
        }
    }
}
