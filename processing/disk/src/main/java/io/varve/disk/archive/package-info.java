/// Archives and compressed files, opened in place: one format, one file.
@NullMarked
package io.varve.disk.archive;

import org.jspecify.annotations.NullMarked;
