/// Capturing a host through a vendor's channel: the collector that runs there and what follows it.
@NullMarked
package io.varve.provider.collector;

import org.jspecify.annotations.NullMarked;
