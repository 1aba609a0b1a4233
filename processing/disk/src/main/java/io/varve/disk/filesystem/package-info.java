/// File systems: the bytes of a volume as names, metadata and contents.
@NullMarked
package io.varve.disk.filesystem;

import org.jspecify.annotations.NullMarked;
