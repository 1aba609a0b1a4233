@NullMarked
package io.varve.provider.endpoint;

import org.jspecify.annotations.NullMarked;
