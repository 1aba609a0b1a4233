/// The pipe between a worker and the engine it started: frames of events, coverage, progress and block reads.
@NullMarked
package io.varve.event.wire;

import org.jspecify.annotations.NullMarked;
