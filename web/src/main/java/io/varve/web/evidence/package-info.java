/// Evidence, its custody and its coverage.
@NullMarked
package io.varve.web.evidence;

import org.jspecify.annotations.NullMarked;
