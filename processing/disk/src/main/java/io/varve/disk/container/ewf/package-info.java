/// Expert Witness Compression Format: E01, S01 and Ex01 images.
@NullMarked
package io.varve.disk.container.ewf;

import org.jspecify.annotations.NullMarked;
