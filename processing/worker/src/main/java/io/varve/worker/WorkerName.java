package io.varve.worker;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What this worker is called in custody logs and leases: host name and process id.
@ApplicationScoped
public class WorkerName {
    private final String value = host() + "-" + ProcessHandle.current().pid();

    String value() {
        return value;
    }

    /// As an actor of the custody log.
    String actor() {
        return "worker:" + value;
    }

    private static String host() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
        } catch (IOException e) {
            return "worker";
        }
    }
}
