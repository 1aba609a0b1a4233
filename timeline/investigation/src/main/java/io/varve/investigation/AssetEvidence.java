package io.varve.investigation;

import io.varve.event.Coverage;
import io.varve.timeline.Scope;
import java.time.Instant;
import java.util.List;

/// All that was captured and read of one asset, as the caller knows it from the database.
///
/// @param scope the current run of each evidence item of the asset
public record AssetEvidence(Scope scope, List<Item> items) {
    /// One evidence item.
    ///
    /// @param begun when its capture began
    /// @param ended when it ended, or now while it goes on
    /// @param files its coverage rows; those that no [Source] knows may be left out
    public record Item(Instant begun, Instant ended, List<FileRead> files) {}

    /// How one file was read: the part of a coverage row that counts here.
    ///
    /// @param path path inside the evidence, `/var/log/auth.log`
    public record FileRead(String path, Coverage.Status status) {
        public static FileRead of(Coverage row) {
            return new FileRead(row.path(), row.status());
        }

        /// Whether the row says something about a source; callers may skip the others.
        public boolean counts() {
            for (Source source : Source.values()) {
                if (source.isIn(path)) {
                    return true;
                }
            }
            return false;
        }
    }

    public AssetEvidence {
        items = List.copyOf(items);
    }
}
