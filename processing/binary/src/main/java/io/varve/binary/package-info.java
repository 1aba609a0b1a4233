/// Reading hostile bytes: every length, count, offset and depth is checked against the bytes at hand.
@NullMarked
package io.varve.binary;

import org.jspecify.annotations.NullMarked;
