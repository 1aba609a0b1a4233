/// The SPI every provider implements: a vendor or channel that evidence is acquired through.
@NullMarked
package io.varve.provider;

import org.jspecify.annotations.NullMarked;
