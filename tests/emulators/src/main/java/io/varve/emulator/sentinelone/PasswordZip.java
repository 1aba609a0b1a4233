package io.varve.emulator.sentinelone;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import net.lingala.zip4j.io.outputstream.ZipOutputStream;
import net.lingala.zip4j.model.ZipParameters;
import net.lingala.zip4j.model.enums.AesKeyStrength;
import net.lingala.zip4j.model.enums.CompressionLevel;
import net.lingala.zip4j.model.enums.EncryptionMethod;

/// A zip as the console stores uploads: every member encrypted with AES-256 when there is a password.
final class PasswordZip implements AutoCloseable {
    private final ZipOutputStream out;
    private final boolean encrypted;

    /// @param password empty for none
    PasswordZip(Path file, String password) throws IOException {
        OutputStream raw = Files.newOutputStream(file);
        encrypted = !password.isEmpty();
        out = encrypted ? new ZipOutputStream(raw, password.toCharArray()) : new ZipOutputStream(raw);
    }

    void add(String name, InputStream content) throws IOException {
        var member = new ZipParameters();
        member.setFileNameInZip(name);
        member.setCompressionLevel(CompressionLevel.FASTEST);
        if (encrypted) {
            member.setEncryptFiles(true);
            member.setEncryptionMethod(EncryptionMethod.AES);
            member.setAesKeyStrength(AesKeyStrength.KEY_STRENGTH_256);
        }
        out.putNextEntry(member);
        content.transferTo(out);
        out.closeEntry();
    }

    /// What the console asks of a password.
    static boolean acceptable(String password) {
        return password.length() >= 10
                && password.matches(".*[a-z].*")
                && password.matches(".*[A-Z].*")
                && password.matches(".*[0-9].*")
                && password.matches(".*[^A-Za-z0-9].*");
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
