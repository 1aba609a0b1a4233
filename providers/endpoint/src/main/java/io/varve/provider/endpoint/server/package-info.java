/// The HTTPS side that agents call, mounted by `web`.
@NullMarked
package io.varve.provider.endpoint.server;

import org.jspecify.annotations.NullMarked;
