package io.varve.provider.kubernetes;

import io.varve.provider.ProviderException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Whether a container has a shell, and a folder that the collector may write into.
///
/// @param folder empty when there is none
/// @param lack why nothing can be run there; empty when it can
record Shell(String folder, String lack) {
    private static final List<String> FOLDERS = List.of("/tmp", "/var/tmp", "/dev/shm", "/run");
    private static final String LOOK =
            "for d in \"$@\"; do if [ -d \"$d\" ] && [ -w \"$d\" ]; then echo \"$d\"; exit 0; fi; done; exit 3";

    static Shell of(Exec exec, Optional<String> preferred) throws ProviderException, InterruptedException {
        var command = new ArrayList<>(List.of("sh", "-c", LOOK, "sh"));
        preferred.ifPresent(command::add);
        command.addAll(FOLDERS);
        var out = new ByteArrayOutputStream();
        Exec.Ended ended = exec.run(new byte[0], out, 1 << 12, Exec.VERB, command.toArray(String[]::new));
        String folder = out.toString(StandardCharsets.UTF_8).strip();
        if (ended.exit() == 0 && folder.matches("/[A-Za-z0-9_./-]{1,200}")) {
            return new Shell(folder, "");
        }
        return switch (ended.exit()) {
            case 3 -> new Shell("", "no folder in it can be written: its file system is read-only");
            case -1, 126, 127 -> new Shell("", "it has no shell: " + Errors.plain(ended.err()));
            default -> new Shell("", "its shell ended with %d: %s".formatted(ended.exit(), Errors.plain(ended.err())));
        };
    }

    boolean isUsable() {
        return lack.isEmpty();
    }
}
