package io.varve.disk.container;

import java.io.IOException;

/// Where the content of a disk lies in its image. Safe for several threads.
@FunctionalInterface
public interface Layout {
    /// What lies at an offset inside the disk. The run may reach past the end of the disk; it is cut there.
    Run at(long offset) throws IOException;
}
