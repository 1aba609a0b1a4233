/// Disks that lie elsewhere and are read in blocks: as one image that can be read before it is whole.
@NullMarked
package io.varve.provider.image;

import org.jspecify.annotations.NullMarked;
