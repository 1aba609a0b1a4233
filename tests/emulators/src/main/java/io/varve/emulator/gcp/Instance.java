package io.varve.emulator.gcp;

import java.util.List;

/// An instance of the emulated cloud.
///
/// @param id the number Google knows it by
/// @param disks names, that of the boot disk first
public record Instance(String project, String zone, String name, String id, List<String> disks) {
    /// As Security Command Center names it.
    public String resource() {
        return "projects/%s/zones/%s/instances/%s".formatted(project, zone, name);
    }
}
