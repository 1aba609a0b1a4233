/// LVM2: physical volumes, the text that describes a volume group, and logical volumes of every kind.
@NullMarked
package io.varve.disk.volume.lvm;

import org.jspecify.annotations.NullMarked;
