@NullMarked
package io.varve.provider.sentinelone;

import org.jspecify.annotations.NullMarked;
