/// What the agent reads of the running system.
@NullMarked
package io.varve.provider.endpoint.agent.host;

import org.jspecify.annotations.NullMarked;
