/// Calls to vendors' REST interfaces: bounded, patient with limits, never following a redirect.
@NullMarked
package io.varve.provider.http;

import org.jspecify.annotations.NullMarked;
