/// What every vendor emulator is built from: a real HTTP server that records what it is asked, throttles, and fails
/// on purpose.
///
/// A vendor extends [io.varve.emulator.kit.Emulator] and registers its routes in [io.varve.emulator.kit.Routes]. A
/// test reads [io.varve.emulator.kit.Recorder], programmes [io.varve.emulator.kit.Faults] and moves
/// [io.varve.emulator.kit.TestClock].
@NullMarked
package io.varve.emulator.kit;

import org.jspecify.annotations.NullMarked;
