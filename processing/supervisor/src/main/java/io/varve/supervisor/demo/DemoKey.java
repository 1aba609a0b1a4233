package io.varve.supervisor.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The API key the demonstration calls with: made by the first demonstration, while the administrator's password is
/// known, and kept beside the other keys, readable by the owner of the data folder only. Without `--demo` there is
/// none.
public final class DemoKey {
    private static final String FILE = "demo";

    private DemoKey() {}

    /// Makes the key unless there is one.
    ///
    /// @param password the administrator's, when this start made them
    public static void make(String address, Path keys, Optional<String> password)
            throws DemoException, InterruptedException {
        Path file = keys.resolve(FILE);
        Optional<String> known = password.or(() -> Optional.ofNullable(System.getenv("VARVE_ADMIN_PASSWORD")));
        if (Files.exists(file) || known.isEmpty()) {
            return;
        }
        Api admin = Api.anonymous(address).signedIn("admin", known.get());
        String key = admin.post("keys", Map.of("name", "varve up --demo", "scopes", List.of("admin")))
                .path("key")
                .asText();
        try {
            Path unfinished = keys.resolve(FILE + ".new");
            Files.deleteIfExists(unfinished);
            Files.createFile(
                    unfinished, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(unfinished, key);
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new DemoException("the key %s cannot be written".formatted(file), e);
        }
    }

    static Api api(String address, Path keys) throws DemoException {
        Path file = keys.resolve(FILE);
        try {
            return Api.anonymous(address).withKey(Files.readString(file));
        } catch (IOException e) {
            throw new DemoException(
                    "there is no key in %s: start --demo once with the administrator's password in VARVE_ADMIN_PASSWORD"
                            .formatted(file),
                    e);
        }
    }
}
