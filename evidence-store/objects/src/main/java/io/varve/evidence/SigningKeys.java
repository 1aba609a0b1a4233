package io.varve.evidence;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// The key that custody is signed with now, and how another one takes over. Every signature reads the key anew, so that
/// all processes on the same folder change at once. A retired private key is destroyed; what it signed stays valid.
public final class SigningKeys {
    private final Path directory;

    public SigningKeys(Path directory) {
        this.directory = directory;
    }

    public synchronized Signer current() throws IOException {
        return Signer.in(directory);
    }

    /// Replaces the key by a new one.
    ///
    /// @return the new one
    public synchronized Signer rotate() throws IOException {
        Path fresh = Files.createTempDirectory(directory, "rotate");
        try {
            Signer.in(fresh);
            Files.move(
                    fresh.resolve(Signer.FILE),
                    directory.resolve(Signer.FILE),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh.resolve(Signer.FILE));
            Files.delete(fresh);
        }
        return current();
    }
}
