/// Alerts and what was decided about them.
@NullMarked
package io.varve.web.alert;

import org.jspecify.annotations.NullMarked;
