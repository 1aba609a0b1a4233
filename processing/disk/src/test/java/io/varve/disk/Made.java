package io.varve.disk;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.sevenz.SevenZArchiveEntry;
import org.apache.commons.compress.archivers.sevenz.SevenZOutputFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/// Archives made for tests.
final class Made {
    static final long MODIFIED = 1_600_000_000L;

    private Made() {}

    /// A member: a name ending in `/` is a directory.
    record Part(String name, byte[] content) {
        static Part of(String name, String content) {
            return new Part(name, content.getBytes(StandardCharsets.UTF_8));
        }
    }

    static byte[] tar(Part... parts) throws IOException {
        var out = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(out, "UTF-8")) {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
            for (Part part : parts) {
                var entry = new TarArchiveEntry(part.name, true);
                entry.setSize(part.content.length);
                entry.setModTime(MODIFIED * 1000);
                entry.setUserId(1000);
                tar.putArchiveEntry(entry);
                tar.write(part.content);
                tar.closeArchiveEntry();
            }
        }
        return out.toByteArray();
    }

    static byte[] zip(Part... parts) throws IOException {
        return zip(ZipArchiveEntry.DEFLATED, parts);
    }

    static byte[] zip(int method, Part... parts) throws IOException {
        var channel = new SeekableInMemoryByteChannel();
        try (var zip = new ZipArchiveOutputStream(channel)) {
            for (Part part : parts) {
                var entry = new ZipArchiveEntry(part.name);
                entry.setMethod(method);
                entry.setTime(MODIFIED * 1000);
                zip.putArchiveEntry(entry);
                zip.write(part.content);
                zip.closeArchiveEntry();
            }
        }
        return java.util.Arrays.copyOf(channel.array(), (int) channel.size());
    }

    static byte[] sevenZip(String password, Part... parts) throws IOException {
        var channel = new SeekableInMemoryByteChannel();
        try (var file = new SevenZOutputFile(channel, password.isEmpty() ? null : password.toCharArray())) {
            for (Part part : parts) {
                var entry = new SevenZArchiveEntry();
                entry.setName(part.name);
                file.putArchiveEntry(entry);
                file.write(part.content);
                file.closeArchiveEntry();
            }
        }
        return java.util.Arrays.copyOf(channel.array(), (int) channel.size());
    }

    static byte[] gzip(byte[] content) throws IOException {
        var out = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }

    static byte[] bzip2(byte[] content) throws IOException {
        var out = new ByteArrayOutputStream();
        try (OutputStream bzip2 = new BZip2CompressorOutputStream(out)) {
            bzip2.write(content);
        }
        return out.toByteArray();
    }

    static byte[] xz(byte[] content) throws IOException {
        var out = new ByteArrayOutputStream();
        try (OutputStream xz = new XZOutputStream(out, new LZMA2Options(1))) {
            xz.write(content);
        }
        return out.toByteArray();
    }

    static byte[] zstd(byte[] content) throws IOException {
        var out = new ByteArrayOutputStream();
        try (OutputStream zstd = new ZstdOutputStream(out)) {
            zstd.write(content);
        }
        return out.toByteArray();
    }
}
