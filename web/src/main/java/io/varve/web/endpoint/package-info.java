/// Agents: their enrolment and the port they call.
@NullMarked
package io.varve.web.endpoint;

import org.jspecify.annotations.NullMarked;
