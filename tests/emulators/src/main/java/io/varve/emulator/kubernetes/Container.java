package io.varve.emulator.kubernetes;

import io.varve.emulator.device.Device;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A container of a pod, and what runs in it.
///
/// @param kind `init`, `app` or `ephemeral`
/// @param shell false for an image without any program but its own
/// @param log what it wrote since it started; one line an entry
/// @param previous what it wrote before its last restart; empty when it never restarted
public record Container(
        String name, String kind, String image, Device device, boolean shell, List<Line> log, List<Line> previous) {
    /// @param stream `stdout` or `stderr`
    public record Line(Instant at, String text) {}

    public static Container of(String name, Device device) {
        return new Container(
                name, "app", "registry.example/shop/" + name + ":1.4.2", device, true, List.of(), List.of());
    }

    public Container kind(String other) {
        return new Container(name, other, image, device, shell, log, previous);
    }

    public Container distroless() {
        return new Container(name, kind, image, device, false, log, previous);
    }

    /// Lines a second apart, the last of them now.
    public Container logging(String... texts) {
        return new Container(name, kind, image, device, shell, lines(texts, Duration.ZERO), previous);
    }

    /// What the container before it wrote, an hour ago.
    public Container restarted(String... texts) {
        return new Container(name, kind, image, device, shell, log, lines(texts, Duration.ofHours(1)));
    }

    private static List<Line> lines(String[] texts, Duration ago) {
        Instant last = Instant.now().minus(ago);
        var lines = new ArrayList<Line>();
        for (int i = 0; i < texts.length; i++) {
            lines.add(new Line(last.minusSeconds(texts.length - 1L - i), texts[i]));
        }
        return List.copyOf(lines);
    }

    boolean isRunning() {
        return !kind.equals("init");
    }

    Optional<List<Line>> previousLog() {
        return previous.isEmpty() ? Optional.empty() : Optional.of(previous);
    }
}
