/// NTFS, read by its master file table: one sequential pass gives every name, deleted ones too.
///
/// Microsoft publishes no specification of the disk format. What is written here follows the documentation of the
/// Linux-NTFS project (<https://flatcap.github.io/linux-ntfs/ntfs/>), the library documentation of Joachim Metz
/// (<https://github.com/libyal/libfsntfs/blob/main/documentation>) and Microsoft's open specifications [MS-FSCC] for
/// reparse points and extended attributes, [MS-XCA] for LZNT1 and XPRESS and [MS-PATCH] for LZX.
@NullMarked
package io.varve.disk.filesystem.ntfs;

import org.jspecify.annotations.NullMarked;
