@NullMarked
package io.varve.provider.darktrace;

import org.jspecify.annotations.NullMarked;
