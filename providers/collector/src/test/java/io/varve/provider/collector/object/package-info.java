@NullMarked
package io.varve.provider.collector.object;

import org.jspecify.annotations.NullMarked;
