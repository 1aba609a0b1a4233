package io.varve.emulator.kit;

import java.io.IOException;

/// Answers one call.
@FunctionalInterface
public interface Handler {
    Response answer(Call call) throws IOException;
}
