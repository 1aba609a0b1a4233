/// File systems read by The Sleuth Kit's C library, in a process of its own: FAT, exFAT, HFS+, APFS, ISO 9660, UFS,
/// YAFFS2.
@NullMarked
package io.varve.disk.filesystem.sleuthkit;

import org.jspecify.annotations.NullMarked;
