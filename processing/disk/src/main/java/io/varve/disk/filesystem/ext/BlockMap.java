package io.varve.disk.filesystem.ext;

import java.io.IOException;

/// Where the blocks of a file lie. Looked up as they are asked for, so a map that claims more than the volume holds
/// costs
/// nothing. Safe for several threads.
sealed interface BlockMap permits ExtentTree, IndirectMap {
    /// The longest run known from this block of the file on.
    Run find(long block) throws IOException;

    /// Blocks of a file that lie side by side.
    ///
    /// @param first first block, counted in the file
    /// @param count at least 1
    /// @param physical block of the volume, [#HOLE] for blocks that read as zeros
    record Run(long first, long count, long physical) {
        static final long HOLE = -1;

        static Run hole(long first, long count) {
            return new Run(first, Math.max(1, count), HOLE);
        }

        boolean isHole() {
            return physical == HOLE;
        }

        boolean holds(long block) {
            return block >= first && block - first < count;
        }
    }
}
