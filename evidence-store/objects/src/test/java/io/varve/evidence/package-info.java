@NullMarked
package io.varve.evidence;

import org.jspecify.annotations.NullMarked;
