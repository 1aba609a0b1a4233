/// XFS versions 4 and 5, read from *XFS Algorithms & Data Structures*, 3rd edition
/// (<https://mirrors.edge.kernel.org/pub/linux/utils/fs/xfs/docs/xfs_filesystem_structure.pdf>) and
/// the kernel's on-disk format headers (`fs/xfs/libxfs/xfs_format.h`, `xfs_da_format.h`).
@NullMarked
package io.varve.disk.filesystem.xfs;

import org.jspecify.annotations.NullMarked;
