package io.varve.event;

import java.util.Optional;
import java.util.OptionalLong;

/// The chain that says where the bytes behind an event are, outermost first.
///
/// @param evidence the evidence as it was named to the engine: a path on the command line, an evidence key on the
/// server
/// @param volume name of the volume inside the evidence; absent for loose files and archives
/// @param path path inside the volume, starting with `/`; archive members follow `!/`
/// @param stream named stream of the file (NTFS); absent for the main one
/// @param inode metadata address of the file in its file system
/// @param offset byte offset of the record in the file
/// @param record the format's own name of the record, e.g. its number; see [RecordKey]
public record Location(
        String evidence,
        Optional<String> volume,
        String path,
        Optional<String> stream,
        OptionalLong inode,
        OptionalLong offset,
        Optional<String> record) {

    /// The location of a whole file.
    public static Location file(String evidence, Optional<String> volume, String path) {
        return new Location(
                evidence, volume, path, Optional.empty(), OptionalLong.empty(), OptionalLong.empty(), Optional.empty());
    }

    public Location at(RecordLocator locator) {
        return new Location(evidence, volume, path, stream, inode, locator.offset(), Optional.of(locator.key()));
    }
}
