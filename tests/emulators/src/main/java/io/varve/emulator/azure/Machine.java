package io.varve.emulator.azure;

import java.util.List;

/// A virtual machine.
///
/// @param id resource id
/// @param vmId the GUID that it knows itself by
/// @param disks resource ids, the system's first
public record Machine(String id, String vmId, String name, String subscription, String group, List<String> disks) {}
