/// Linux software RAID (md): superblocks on the members and the arrays they make.
@NullMarked
package io.varve.disk.volume.md;

import org.jspecify.annotations.NullMarked;
