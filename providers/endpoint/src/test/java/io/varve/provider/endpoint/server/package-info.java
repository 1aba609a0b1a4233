@NullMarked
package io.varve.provider.endpoint.server;

import org.jspecify.annotations.NullMarked;
