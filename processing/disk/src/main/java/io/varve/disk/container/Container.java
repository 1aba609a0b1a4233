package io.varve.disk.container;

import io.varve.binary.Bytes;
import java.util.List;
import java.util.Map;

/// The disk inside an image file. Safe for several threads; closing it closes the files it reads.
public interface Container extends Bytes {
    /// As [ContainerFormat#name], with the variant where it matters, e.g. `VMDK stream-optimised`.
    String format();

    /// Digests of the whole disk that the image itself states, lower-case hexadecimal by `md5`, `sha1` or `sha256`.
    default Map<String, String> storedDigests() {
        return Map.of();
    }

    /// What the image says of itself that a report needs: case number, examiner, segments. Attacker-controlled text.
    default List<String> notes() {
        return List.of();
    }

    /// Earlier states of the disk that the image keeps, e.g. QCOW2 snapshots.
    default List<State> states() {
        return List.of();
    }

    /// @param name as the image calls it
    record State(String name, Bytes bytes) {}
}
