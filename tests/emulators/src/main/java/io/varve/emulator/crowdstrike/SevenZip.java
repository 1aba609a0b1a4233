package io.varve.emulator.crowdstrike;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.compress.archivers.sevenz.SevenZArchiveEntry;
import org.apache.commons.compress.archivers.sevenz.SevenZMethod;
import org.apache.commons.compress.archivers.sevenz.SevenZMethodConfiguration;
import org.apache.commons.compress.archivers.sevenz.SevenZOutputFile;
import org.tukaani.xz.LZMA2Options;

/// One file in a 7z archive, encrypted with a password; large ones are stored as they are, to be quick.
final class SevenZip {
    private static final long LARGE = 4 << 20;

    private SevenZip() {}

    static void write(Path file, String name, String password, Path archive) throws IOException {
        File target = archive.toFile();
        try (var out = new SevenZOutputFile(target, password.toCharArray());
                InputStream in = Files.newInputStream(file)) {
            boolean large = Files.size(file) > LARGE;
            out.setContentMethods(List.of(
                    large
                            ? new SevenZMethodConfiguration(SevenZMethod.COPY)
                            : new SevenZMethodConfiguration(SevenZMethod.LZMA2, new LZMA2Options(1))));
            var entry = new SevenZArchiveEntry();
            entry.setName(name);
            entry.setSize(Files.size(file));
            out.putArchiveEntry(entry);
            out.write(in);
            out.closeArchiveEntry();
        }
    }
}
