/// VMware's disk images.
@NullMarked
package io.varve.disk.container.vmdk;

import org.jspecify.annotations.NullMarked;
