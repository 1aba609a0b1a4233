@NullMarked
package io.varve.provider.image;

import org.jspecify.annotations.NullMarked;
