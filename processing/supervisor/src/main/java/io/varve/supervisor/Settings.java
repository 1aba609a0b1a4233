package io.varve.supervisor;

import java.nio.file.Path;

/// How this installation is run.
///
/// @param home where Varve is installed or built
/// @param data folder that holds everything this installation knows
/// @param port of the web server, on loopback
/// @param endpointPort that agents call
record Settings(Path home, Path data, int port, int endpointPort) {
    String address() {
        return "http://127.0.0.1:" + port;
    }

    Path keys() {
        return data.resolve("keys");
    }

    Path run() {
        return data.resolve("run");
    }

    Path log(String name) {
        return data.resolve("logs").resolve(name + ".log");
    }
}
