@NullMarked
package io.varve.disk.filesystem.ext;

import org.jspecify.annotations.NullMarked;
