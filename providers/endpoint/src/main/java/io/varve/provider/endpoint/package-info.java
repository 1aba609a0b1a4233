/// Acquisition through our own agent on the endpoint.
@NullMarked
package io.varve.provider.endpoint;

import org.jspecify.annotations.NullMarked;
