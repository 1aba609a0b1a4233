/// Containers, volumes, file systems and archives: from bytes to files.
@NullMarked
package io.varve.disk;

import org.jspecify.annotations.NullMarked;
