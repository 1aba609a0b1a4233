@NullMarked
package io.varve.provider.azure;

import org.jspecify.annotations.NullMarked;
