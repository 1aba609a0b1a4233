package io.varve.disk.archive;

import io.varve.disk.Entry;
import io.varve.disk.Entry.Times;
import io.varve.disk.Entry.Type;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// One member of an archive, as its header states it.
///
/// @param index its place in the archive
/// @param path normalised as [io.varve.disk.Names] says, without leading `/`
/// @param size as stated; what comes out may differ
/// @param target what a link points to
public record Member(
        int index,
        String path,
        Type type,
        long size,
        OptionalInt mode,
        OptionalLong uid,
        OptionalLong gid,
        Times times,
        Optional<String> target) {

    /// The member as an entry at its path in the evidence.
    public Entry entry(String evidencePath) {
        return new Entry(
                Optional.empty(), evidencePath, type, size, OptionalLong.empty(), mode, uid, gid, times, target);
    }
}
