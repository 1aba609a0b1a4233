@NullMarked
package io.varve.disk.filesystem.overlay;

import org.jspecify.annotations.NullMarked;
