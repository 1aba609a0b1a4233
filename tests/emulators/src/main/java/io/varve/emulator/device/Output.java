package io.varve.emulator.device;

import java.nio.charset.StandardCharsets;

/// What a command left: its exit code and what it wrote.
///
/// @param exit 124 when it ran out of time, as `timeout` has it; 137 when it was killed for writing too much
public record Output(int exit, byte[] stdout, byte[] stderr) {
    public static final int TIMED_OUT = 124;
    public static final int TOO_MUCH = 137;

    public String out() {
        return new String(stdout, StandardCharsets.UTF_8);
    }

    public String err() {
        return new String(stderr, StandardCharsets.UTF_8);
    }
}
