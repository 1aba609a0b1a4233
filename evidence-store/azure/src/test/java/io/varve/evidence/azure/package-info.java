@NullMarked
package io.varve.evidence.azure;

import org.jspecify.annotations.NullMarked;
