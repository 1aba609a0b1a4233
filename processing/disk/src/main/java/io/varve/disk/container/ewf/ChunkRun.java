package io.varve.disk.container.ewf;

import java.io.IOException;

/// Consecutive chunks that are found one way.
interface ChunkRun {
    /// Where a chunk is.
    ///
    /// @param index counted from the first chunk of the run
    /// @throws io.varve.binary.CorruptException when it is not to be found; the message says why
    Place place(long index) throws IOException;
}
