package io.varve.emulator.device;

import java.time.Duration;
import java.util.List;

/// Something to run inside a device.
///
/// @param folder where it runs, a path inside the device
public record Command(List<String> argv, String folder, byte[] stdin, Duration timeout) {
    public static Command of(String... argv) {
        return new Command(List.of(argv), "/", new byte[0], Duration.ofSeconds(30));
    }

    /// A script for `/bin/sh`.
    public static Command script(String text) {
        return of("/bin/sh", "-c", text);
    }

    public Command in(String newFolder) {
        return new Command(argv, newFolder, stdin, timeout);
    }

    public Command within(Duration newTimeout) {
        return new Command(argv, folder, stdin, newTimeout);
    }

    public Command reading(byte[] newStdin) {
        return new Command(argv, folder, newStdin, timeout);
    }

    /// The command as one line for the shell, every word quoted.
    String line() {
        var line = new StringBuilder("exec");
        for (String word : argv) {
            line.append(' ').append(quoted(word));
        }
        return line.toString();
    }

    static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
