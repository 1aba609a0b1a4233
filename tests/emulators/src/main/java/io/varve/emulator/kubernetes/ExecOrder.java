package io.varve.emulator.kubernetes;

import io.varve.emulator.device.Device;
import java.util.List;

/// An exec that was allowed: what is to run where, once the WebSocket is open.
///
/// @param shell whether the container has any program to run
/// @param stdin whether the caller sends input
record ExecOrder(String container, Device device, boolean shell, List<String> argv, boolean stdin) {
    String line() {
        return String.join(" ", argv);
    }
}
