/// A Darktrace appliance: signed requests, AI Analyst groups and incident events, model breaches, devices, comments,
/// after what working clients of its API do.
///
/// `Darktrace.start(TestClock.running())`, then `token(Permission…)`, `event(json)`, `group(json)`, `breach(json)`,
/// `device(json)`.
@NullMarked
package io.varve.emulator.darktrace;

import org.jspecify.annotations.NullMarked;
