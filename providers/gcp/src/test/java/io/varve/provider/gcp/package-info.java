@NullMarked
package io.varve.provider.gcp;

import org.jspecify.annotations.NullMarked;
