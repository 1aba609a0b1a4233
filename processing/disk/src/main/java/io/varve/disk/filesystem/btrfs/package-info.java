/// Btrfs, read from its on-disk format (<https://btrfs.readthedocs.io/en/latest/dev/On-disk-format.html>) and the
/// kernel's `include/uapi/linux/btrfs_tree.h`.
@NullMarked
package io.varve.disk.filesystem.btrfs;

import org.jspecify.annotations.NullMarked;
