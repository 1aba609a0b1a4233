package io.varve.provider.collector;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// A capture archive, read by a library that is not ours.
record Archive(Map<String, byte[]> members) {
    static Archive of(Path file) throws IOException {
        var members = new LinkedHashMap<String, byte[]>();
        try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file));
                var tar = new TarArchiveInputStream(new GZIPInputStream(bytes), "UTF-8")) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                members.put(entry.getName(), tar.readAllBytes());
            }
        }
        return new Archive(members);
    }

    String text(String member) {
        return new String(members.getOrDefault(member, new byte[0]), java.nio.charset.StandardCharsets.UTF_8);
    }
}
