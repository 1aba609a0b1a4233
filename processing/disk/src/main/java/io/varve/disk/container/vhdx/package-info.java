/// Disk images of Hyper-V, second version.
@NullMarked
package io.varve.disk.container.vhdx;

import org.jspecify.annotations.NullMarked;
