/// What agent and server say to each other: enrolment, signed requests, signed orders. See docs/agent.md.
@NullMarked
package io.varve.provider.endpoint.protocol;

import org.jspecify.annotations.NullMarked;
