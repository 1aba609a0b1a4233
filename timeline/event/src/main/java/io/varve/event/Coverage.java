package io.varve.event;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// One row of the coverage ledger: what one parser (or none) made of one file. `found = parsed + rejected`, always.
///
/// @param parser absent for a file that no parser takes
/// @param mediaType what Apache Tika calls a file that no parser takes
public record Coverage(
        String evidence,
        Optional<String> volume,
        String path,
        long size,
        Optional<String> sha256,
        Optional<String> parser,
        Optional<String> mediaType,
        Status status,
        long found,
        long parsed,
        long rejected,
        long events,
        List<Warning> warnings) {

    public enum Status {
        PARSED,
        PARTIAL,
        FAILED,
        UNPARSED,
        EMPTY
    }

    /// Something that could not be read, and where.
    public record Warning(OptionalLong offset, String reason) {}

    public Coverage {
        if (found != parsed + rejected) {
            throw new IllegalArgumentException(
                    "%s: found %d, parsed %d, rejected %d".formatted(path, found, parsed, rejected));
        }
        warnings = List.copyOf(warnings);
    }
}
