/// The worker: takes jobs, runs providers and engines, seals evidence, writes indexes, links alerts to events.
@NullMarked
package io.varve.worker;

import org.jspecify.annotations.NullMarked;
