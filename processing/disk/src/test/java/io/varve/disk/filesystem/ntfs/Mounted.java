package io.varve.disk.filesystem.ntfs;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;

/// A volume made by mkntfs and mounted by ntfs-3g, to be filled. Closing unmounts it.
record Mounted(Path image, Path folder) implements AutoCloseable {
    static Mounted make(Path scratch, long size, String... formatOptions) throws IOException, InterruptedException {
        Shell.need("mkntfs", "ntfs-3g", "setfattr", "umount");
        Shell.needRoot();
        Path image = scratch.resolve("volume.img");
        try (var file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(size);
        }
        String[] command = new String[formatOptions.length + 6];
        System.arraycopy(new String[] {"mkntfs", "-q", "-F", "-Q", "-L"}, 0, command, 0, 5);
        command[5] = "Label ü";
        System.arraycopy(formatOptions, 0, command, 6, formatOptions.length);
        String[] whole = Arrays.copyOf(command, command.length + 1);
        whole[command.length] = image.toString();
        Shell.run(whole);
        return mount(image, scratch);
    }

    static Mounted mount(Path image, Path scratch) throws IOException, InterruptedException {
        Path folder = Files.createDirectories(scratch.resolve("mount"));
        Shell.run("ntfs-3g", "-o", "streams_interface=xattr,compression,efs_raw", image.toString(), folder.toString());
        return new Mounted(image, folder);
    }

    void attribute(Path file, String name, byte[] value) throws IOException, InterruptedException {
        Shell.run("setfattr", "-h", "-n", name, "-v", "0x" + HexFormat.of().formatHex(value), file.toString());
    }

    @Override
    public void close() throws IOException {
        try {
            Shell.run("umount", folder.toString());
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
