/// Disk image formats: files that hold a disk, read in place as the bytes of that disk.
@NullMarked
package io.varve.disk.container;

import org.jspecify.annotations.NullMarked;
