package io.varve.provider.crowdstrike;

import io.varve.evidence.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.apache.commons.compress.archivers.sevenz.SevenZArchiveEntry;
import org.apache.commons.compress.archivers.sevenz.SevenZFile;

/// Takes the one file out of the archive CrowdStrike wraps a fetched file in (7z, AES, password `infected`).
final class SevenZip {
    private static final char[] PASSWORD = "infected".toCharArray();
    private static final int MOST_MEMORY_KIB = 256 << 10;
    private static final int MOST_ENTRIES = 16;

    private SevenZip() {}

    /// @param size what the file must have
    /// @return SHA-256 of the file
    /// @throws IOException when the archive is damaged, or holds anything else; no file is left then
    static Digest unpack(Path archive, Path target, long size) throws IOException {
        try {
            return unpacked(archive, target, size);
        } catch (IOException e) {
            Files.deleteIfExists(target);
            throw e;
        } catch (RuntimeException | StackOverflowError e) {
            Files.deleteIfExists(target);
            throw new IOException("damaged 7z archive: " + e.getClass().getSimpleName(), e);
        }
    }

    private static Digest unpacked(Path archive, Path target, long size) throws IOException {
        try (SevenZFile file = SevenZFile.builder()
                .setPath(archive)
                .setPassword(PASSWORD.clone())
                .setMaxMemoryLimitKiB(MOST_MEMORY_KIB)
                .get()) {
            only(file, size);
            SevenZArchiveEntry entry = file.getNextEntry();
            while (entry.isDirectory()) {
                entry = file.getNextEntry();
            }
            MessageDigest sha256 = Digest.sha256();
            try (OutputStream out = Files.newOutputStream(target)) {
                if (entry.hasStream()) {
                    copy(file.getInputStream(entry), out, sha256, size);
                }
            }
            return Digest.finish(sha256);
        }
    }

    private static void only(SevenZFile file, long size) throws IOException {
        int entries = 0;
        int files = 0;
        for (SevenZArchiveEntry entry : file.getEntries()) {
            if (++entries > MOST_ENTRIES) {
                throw new IOException("the 7z archive has more than %d entries".formatted(MOST_ENTRIES));
            }
            if (entry.isDirectory()) {
                continue;
            }
            files++;
            if (entry.getSize() != size) {
                throw new IOException("the 7z archive holds %d bytes instead of %d".formatted(entry.getSize(), size));
            }
        }
        if (files != 1) {
            throw new IOException("the 7z archive holds %d files instead of one".formatted(files));
        }
    }

    private static void copy(InputStream in, OutputStream out, MessageDigest sha256, long size) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long left = size;
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            left -= read;
            if (left < 0) {
                throw new IOException("the 7z archive unpacks to more than it says");
            }
            sha256.update(buffer, 0, read);
            out.write(buffer, 0, read);
        }
        if (left != 0) {
            throw new IOException("the 7z archive unpacks to %d bytes less than it says".formatted(left));
        }
    }
}
