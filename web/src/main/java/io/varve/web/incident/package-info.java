/// Incidents, their Forensics tab and its live stream.
@NullMarked
package io.varve.web.incident;

import org.jspecify.annotations.NullMarked;
