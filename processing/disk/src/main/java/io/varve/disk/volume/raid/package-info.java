/// Where the bytes of an array lie on its members: stripes, mirrors, parity. Shared by md and LVM, which both lay data
/// out as the Linux kernel's md drivers do.
@NullMarked
package io.varve.disk.volume.raid;

import org.jspecify.annotations.NullMarked;
