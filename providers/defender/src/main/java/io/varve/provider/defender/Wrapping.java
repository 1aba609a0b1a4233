package io.varve.provider.defender;

import io.varve.provider.collector.Channel.RemoteFile;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/// Takes off the one gzip layer that live response wraps files in. What it fetched may itself be gzip, as our parts
/// are: the size that the host stated decides which it is.
final class Wrapping {
    private Wrapping() {}

    /// The file without the wrapping, where it has one; then `raw` is removed.
    ///
    /// @param most largest content
    /// @throws IOException when it is wrapped and damaged
    static Path unwrapped(Path raw, RemoteFile file, long most) throws IOException {
        long known = file.size();
        if (!isGzip(raw) || known > 0 && Files.size(raw) == known) {
            return raw;
        }
        Path content = raw.resolveSibling(raw.getFileName() + ".content");
        try {
            gunzip(raw, content, known > 0 ? known : most);
            if (known == 0 && file.path().endsWith(".gz") && !isGzip(content)) {
                // it was the host's own gzip file, and came as it is
                Files.delete(content);
                return raw;
            }
        } catch (IOException e) {
            Files.deleteIfExists(content);
            throw e;
        }
        Files.delete(raw);
        return content;
    }

    static byte[] maybeUnwrapped(byte[] raw, int most) throws IOException {
        if (raw.length < 2 || raw[0] != 0x1f || raw[1] != (byte) 0x8b) {
            return raw;
        }
        try (var in = new GZIPInputStream(new ByteArrayInputStream(raw))) {
            return in.readNBytes(most);
        }
    }

    private static boolean isGzip(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.read() == 0x1f && in.read() == 0x8b;
        }
    }

    private static void gunzip(Path from, Path to, long most) throws IOException {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(from), 1 << 16);
                OutputStream out = Files.newOutputStream(to)) {
            byte[] buffer = new byte[1 << 16];
            long left = most;
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                left -= read;
                if (left < 0) {
                    throw new IOException("it holds more than %d bytes".formatted(most));
                }
                out.write(buffer, 0, read);
            }
        }
    }
}
