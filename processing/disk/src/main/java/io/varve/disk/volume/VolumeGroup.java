package io.varve.disk.volume;

import io.varve.binary.Bytes;
import io.varve.disk.Problems;
import java.io.IOException;
import java.util.List;

/// A layer whose volumes are spread over several devices: LVM2, md RAID. Found by [java.util.ServiceLoader].
public interface VolumeGroup {
    String name();

    /// Whether these bytes are one of its devices.
    boolean claims(Bytes device) throws IOException;

    /// All volumes that the devices at hand make. What cannot be made whole is told with the names (or UUIDs) of the
    /// devices that are missing.
    List<Volume> assemble(List<Member> members, Problems problems) throws IOException;

    /// @param name name of the volume that the device is, e.g. `p2`
    record Member(String name, Bytes bytes) {}
}
