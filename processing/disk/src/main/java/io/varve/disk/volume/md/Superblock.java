package io.varve.disk.volume.md;

import io.varve.binary.Bytes;
import java.io.IOException;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/// What a member says of itself and its array.
///
/// @param version `0.90`, `1.0`, `1.1` or `1.2`
/// @param place byte offset of the superblock
/// @param set UUID of the array
/// @param name as given when the array was made; may be empty
/// @param created in seconds, only to compare
/// @param level 0, 1, 4, 5, 6, 10, or one of the negative [#LINEAR], [#MULTIPATH]
/// @param layout meaning depends on the level
/// @param chunk in bytes; 0 where the level has none
/// @param disks how many members make the array
/// @param memberSize bytes of each member that belong to the array; 0 where they differ
/// @param dataOffset byte offset of the data on this member
/// @param dataSize bytes of data this member has room for
/// @param events grows with every change of the array: a lower number than others' means a member that fell out
/// @param role place in the array, or one of the negative [#SPARE], [#FAULTY], [#JOURNAL]
record Superblock(
        String version,
        long place,
        String set,
        String name,
        long created,
        int level,
        long layout,
        long chunk,
        int disks,
        long memberSize,
        long dataOffset,
        long dataSize,
        long events,
        int role,
        State state) {
    static final int LINEAR = -1;
    static final int MULTIPATH = -4;
    static final int SPARE = -1;
    static final int FAULTY = -2;
    static final int JOURNAL = -3;

    /// Most members; a superblock of version 1 has room for no more.
    static final int MOST = 1920;

    /// @param reshaping the array is being given another form
    /// @param rebuilding this member does not have all data yet
    /// @param replacing this member will take the place of another one with the same role
    /// @param clean parity and copies were the same everywhere when the array was last stopped
    record State(boolean reshaping, boolean rebuilding, boolean replacing, boolean clean) {}

    /// The superblock of a device: when it has several, the one made last.
    static Optional<Superblock> read(Bytes device) throws IOException {
        return Stream.of(
                        SuperblockOne.read(device, "1.2"),
                        SuperblockOne.read(device, "1.1"),
                        SuperblockOne.read(device, "1.0"),
                        SuperblockZero.read(device))
                .flatMap(Optional::stream)
                .max(Comparator.comparingLong(Superblock::created));
    }

    boolean active() {
        return role >= 0;
    }

    /// Name of the array's volume.
    String volume() {
        return "md-" + (name.isEmpty() ? set : name);
    }
}
