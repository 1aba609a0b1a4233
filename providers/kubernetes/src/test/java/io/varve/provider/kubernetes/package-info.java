@NullMarked
package io.varve.provider.kubernetes;

import org.jspecify.annotations.NullMarked;
