/// Captures.
@NullMarked
package io.varve.web.capture;

import org.jspecify.annotations.NullMarked;
