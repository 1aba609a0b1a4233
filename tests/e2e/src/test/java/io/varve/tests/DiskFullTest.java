package io.varve.tests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A disk that runs full while evidence arrives or is indexed: the reason is shown, and the work ends well once there
/// is
/// room.
@Tag("kill")
final class DiskFullTest {
    private static final int LINES = 60_000;
    private final List<Path> mounts = new ArrayList<>();

    @TempDir
    Path folder = Path.of("");

    @AfterEach
    void unmount() throws IOException {
        for (Path mount : mounts) {
            run("umount", "-l", mount.toString());
        }
    }

    @Test
    void an_upload_waits_for_room_and_says_so() throws IOException {
        Path objects = small("data/objects", "24m");
        try (Installation varve = Installation.start(folder.resolve("data"))) {
            Path root = HostTree.make(folder.resolve("root"), LINES, 48L << 20);
            Host host = Host.enrol(varve, folder.resolve("agent"), root);
            JsonNode capture = host.capture();
            host.awaitCapture(
                    capture, "the reason is shown", c -> c.path("text").asText().contains("No space left"));
            assertThat(run("mount", "-o", "remount,size=400m", objects.toString()))
                    .isZero();
            host.awaitProcessed(capture);
            assertThat(host.count(capture, "marker*")).isEqualTo(LINES);
        }
    }

    @Test
    void indexing_waits_for_room_and_says_so() throws IOException {
        Path index = small("data/index", "2m");
        try (Installation varve = Installation.start(folder.resolve("data"))) {
            Host host = Host.enrol(varve, folder.resolve("agent"), HostTree.make(folder.resolve("root"), LINES, 0));
            JsonNode capture = host.capture();
            host.awaitEvidence(
                    capture,
                    "the reason is shown",
                    e -> e.path("processing").path("text").asText().contains("No space left"));
            assertThat(run("mount", "-o", "remount,size=400m", index.toString()))
                    .isZero();
            host.awaitProcessed(capture);
            assertThat(host.count(capture, "marker*")).isEqualTo(LINES);
        }
    }

    private Path small(String name, String size) throws IOException {
        Path mount = folder.resolve(name);
        Files.createDirectories(mount);
        boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", mount.toString()) == 0;
        assumeTrue(mounted, "a file system cannot be mounted here: needs root");
        mounts.add(mount);
        return mount;
    }

    private static int run(String... command) throws IOException {
        try {
            return new ProcessBuilder(command).inheritIO().start().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
