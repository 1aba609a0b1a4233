/// The file systems of Linux: ext2, ext3 and ext4.
///
/// Format: "ext4 Data Structures and Algorithms" of the Linux kernel documentation,
/// <https://docs.kernel.org/filesystems/ext4/>, and for ext2 <https://www.nongnu.org/ext2-doc/ext2.html>.
@NullMarked
package io.varve.disk.filesystem.ext;

import org.jspecify.annotations.NullMarked;
