package io.varve.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Who the server runs as: never root. Root gives it a system user of its own, anybody else runs it themselves.
///
/// @param uid the server's user when we are root
record Account(Optional<Integer> uid) {
    private static final String NAME = "varve-postgres";

    /// Where the server sees its folder when its own user may not walk to it.
    private static final Path WINDOW = Path.of("/run/varve-postgres");

    static Account ofThisProcess() throws IOException, InterruptedException {
        if (!"root".equals(System.getProperty("user.name"))) {
            return new Account(Optional.empty());
        }
        Optional<Integer> known = known();
        if (known.isEmpty()) {
            run(
                    "useradd",
                    "--system",
                    "--user-group",
                    "--no-create-home",
                    "--home-dir",
                    "/nonexistent",
                    "--shell",
                    "/usr/sbin/nologin",
                    NAME);
            known = known();
        }
        return new Account(Optional.of(known.orElseThrow(() -> new IOException(
                "PostgreSQL does not run as root, and the system user %1$s cannot be made: run useradd --system --user-group %1$s"
                        .formatted(NAME)))));
    }

    /// Gives a file or folder to the server.
    void own(Path path) throws IOException {
        if (uid.isPresent()) {
            Files.setAttribute(path, "unix:gid", uid.get());
            Files.setAttribute(path, "unix:uid", uid.get());
        }
    }

    /// Where the server sees `home`: at its own path, or through a window when a folder above is closed to its user.
    Path seen(Path home) throws IOException {
        return uid.isEmpty() || closed(home).isEmpty() ? home : WINDOW;
    }

    /// The command that runs `program` as this account, in a session of its own, to be ended with its parent thread.
    ///
    /// A folder that is closed to the server's user, such as one below `/root`, is shown to it
    /// through a mount that no other process sees; folders above stay closed.
    List<String> command(Path home, List<String> program) throws IOException {
        List<String> command = new ArrayList<>(List.of("setsid"));
        if (!seen(home).equals(home)) {
            Files.createDirectories(WINDOW);
            command.addAll(List.of("unshare", "--mount", "--propagation", "private", "sh", "-c"));
            command.add("mount --bind \"$1\" \"$2\" || exit 71; shift 2; exec \"$@\"");
            command.addAll(List.of("sh", home.toString(), WINDOW.toString()));
        }
        command.addAll(List.of("setpriv", "--no-new-privs", "--pdeathsig=INT"));
        uid.ifPresent(id -> command.addAll(List.of("--reuid=" + id, "--regid=" + id, "--clear-groups")));
        command.addAll(program);
        return command;
    }

    /// Says what to do when the server could not be shown its folder.
    String advice(Path home) throws IOException {
        return closed(home)
                .map(folder -> "; %s is closed to the user %s: choose another data folder, or run chmod o+x %s"
                        .formatted(folder, NAME, folder))
                .orElse("");
    }

    /// The first folder from the top that the server's user may not enter.
    private static Optional<Path> closed(Path home) throws IOException {
        Path path = home.getRoot();
        for (Path name : home) {
            path = path.resolve(name);
            if (!Files.getPosixFilePermissions(path).contains(PosixFilePermission.OTHERS_EXECUTE)) {
                return Optional.of(path);
            }
        }
        return Optional.empty();
    }

    private static Optional<Integer> known() throws IOException {
        for (String line : Files.readAllLines(Path.of("/etc/passwd"), StandardCharsets.ISO_8859_1)) {
            String[] parts = line.split(":", 4);
            if (parts.length == 4 && parts[0].equals(NAME)) {
                return Optional.of(Integer.valueOf(parts[2]));
            }
        }
        return Optional.empty();
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
