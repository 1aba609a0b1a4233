/// QEMU's disk images of version 2 and 3.
@NullMarked
package io.varve.disk.container.qcow2;

import org.jspecify.annotations.NullMarked;
