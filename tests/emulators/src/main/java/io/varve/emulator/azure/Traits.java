package io.varve.emulator.azure;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;

/// What Azure tells of a virtual machine besides its disks. At first it runs Linux.
public final class Traits {
    private final Instant created;
    private final Map<String, String> tags = new ConcurrentSkipListMap<>();
    private volatile String power = "running";
    private volatile Optional<String> scaleSet = Optional.empty();
    private volatile boolean isWindows;
    private volatile boolean isSpot;
    private volatile Optional<String> console = Optional.empty();

    Traits(Instant created) {
        this.created = created;
    }

    public Traits tag(String name, String value) {
        tags.put(name, value);
        return this;
    }

    public Traits windows() {
        isWindows = true;
        return this;
    }

    /// E.g. `deallocated`.
    public Traits power(String state) {
        power = state;
        return this;
    }

    public Traits spot() {
        isSpot = true;
        return this;
    }

    /// Boot diagnostics are on, and the machine wrote this to its serial console.
    public Traits console(String log) {
        console = Optional.of(log);
        return this;
    }

    /// @param name of a scale set in the machine's resource group
    public Traits in(String name) {
        scaleSet = Optional.of(name);
        return this;
    }

    Instant created() {
        return created;
    }

    Map<String, String> tags() {
        return tags;
    }

    String power() {
        return power;
    }

    Optional<String> scaleSet() {
        return scaleSet;
    }

    Optional<String> console() {
        return console;
    }

    String system() {
        return isWindows ? "Windows" : "Linux";
    }

    String priority() {
        return isSpot ? "Spot" : "Regular";
    }
}
