@NullMarked
package io.varve.provider.collector.relay;

import org.jspecify.annotations.NullMarked;
