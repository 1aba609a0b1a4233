/// Alerts in, asset identity, incidents, rules and capture requests. No framework: everything outside is a port.
@NullMarked
package io.varve.acquisition;

import org.jspecify.annotations.NullMarked;
