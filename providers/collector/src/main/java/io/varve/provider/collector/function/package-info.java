/// Functions that a cloud runs without a machine of the customer's.
@NullMarked
package io.varve.provider.collector.function;

import org.jspecify.annotations.NullMarked;
