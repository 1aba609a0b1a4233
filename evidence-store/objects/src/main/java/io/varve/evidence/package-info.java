/// Evidence: sealed bytes with a digest, a manifest and a custody log, in an object store.
@NullMarked
package io.varve.evidence;

import org.jspecify.annotations.NullMarked;
