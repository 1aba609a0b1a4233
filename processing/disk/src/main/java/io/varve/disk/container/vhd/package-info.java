/// Disk images of Virtual PC, Hyper-V and Azure, first version.
@NullMarked
package io.varve.disk.container.vhd;

import org.jspecify.annotations.NullMarked;
