/// Containers on a node: the stores of Docker and containerd, each container's merged tree as a file system.
///
/// The kernel's own merge is described in <https://docs.kernel.org/filesystems/overlayfs.html>, the marks of image
/// layers
/// in <https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts>.
@NullMarked
package io.varve.disk.filesystem.overlay;

import org.jspecify.annotations.NullMarked;
