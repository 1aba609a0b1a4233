/// The agent: a plain main that enrols, takes signed orders and streams one archive per capture.
@NullMarked
package io.varve.provider.endpoint.agent;

import org.jspecify.annotations.NullMarked;
