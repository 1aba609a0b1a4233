/// Hosts behind an emulator: a real Linux sandbox each, with its own file tree, processes and host name, and a network
/// of its own that leads nowhere. What the vendor's commands do, they really do.
///
/// `Device.start(DeviceFacts.of("web77"), folder)` writes a small Linux tree below the folder and starts the sandbox.
@NullMarked
package io.varve.emulator.device;

import org.jspecify.annotations.NullMarked;
