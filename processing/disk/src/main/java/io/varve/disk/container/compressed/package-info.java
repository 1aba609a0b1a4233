/// Raw images kept compressed, read at any place without a raw copy.
@NullMarked
package io.varve.disk.container.compressed;

import org.jspecify.annotations.NullMarked;
