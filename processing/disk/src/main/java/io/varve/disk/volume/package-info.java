/// Partition tables, volume groups, arrays, encrypted volumes and shadow copies: bytes of a disk as volumes.
@NullMarked
package io.varve.disk.volume;

import org.jspecify.annotations.NullMarked;
