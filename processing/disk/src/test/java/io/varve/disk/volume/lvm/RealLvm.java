package io.varve.disk.volume.lvm;

import io.varve.disk.volume.Tool;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// LVM's own commands on loop devices, without the device-mapper driver.
final class RealLvm implements AutoCloseable {
    final List<Path> files = new ArrayList<>();
    final List<String> loops = new ArrayList<>();
    private final Path folder;

    RealLvm(Path folder, int devices, long size) throws IOException, InterruptedException {
        Tool.needs("lvcreate", "losetup");
        Tool.needsRoot();
        this.folder = folder;
        for (int i = 0; i < devices; i++) {
            Path file = folder.resolve("pv" + i);
            try (var raw = new RandomAccessFile(file.toFile(), "rw")) {
                raw.setLength(size);
            }
            files.add(file);
            loops.add(Tool.run(folder, List.of("losetup", "-f", "--show", file.toString()))
                    .trim());
        }
    }

    String run(String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(1, List.of("--driverloaded", "n", "--config", config()));
        return Tool.run(
                folder,
                Map.of("LVM_SYSTEM_DIR", folder.resolve("etc").toString(), "LVM_SUPPRESS_FD_WARNINGS", "1"),
                all);
    }

    private String config() {
        String ours = loops.stream().map("\"a|^%s$|\", "::formatted).collect(Collectors.joining());
        return """
                devices { dir="/dev" scan=["/dev"] use_devicesfile=0 filter=[%s"r|.*|"] }
                global { use_lvmpolld=0 use_lvmlockd=0 }
                backup { backup=0 archive=0 }
                activation { udev_sync=0 udev_rules=0 verify_udev_operations=0 }""".formatted(ours);
    }

    /// Writes where LVM says that bytes of a volume lie.
    void write(String loop, long offset, byte[] bytes, int start, int length) throws IOException {
        try (var raw = new RandomAccessFile(files.get(loops.indexOf(loop)).toFile(), "rw")) {
            raw.seek(offset);
            raw.write(bytes, start, length);
        }
    }

    /// The files hold what LVM wrote once the loops are gone.
    @Override
    public void close() throws IOException {
        for (String loop : loops) {
            try {
                Tool.run(folder, List.of("losetup", "-d", loop));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
