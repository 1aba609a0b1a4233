/// What clouds log about their customers' accounts: API calls, traffic, findings, commands.
@NullMarked
package io.varve.artefact.cloud;

import org.jspecify.annotations.NullMarked;
