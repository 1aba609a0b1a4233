/// Volume shadow copies: what an NTFS volume was at earlier times.
@NullMarked
package io.varve.disk.volume.shadow;

import org.jspecify.annotations.NullMarked;
