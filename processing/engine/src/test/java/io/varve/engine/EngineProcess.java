package io.varve.engine;

import java.nio.file.Path;
import java.util.List;

/// How tests start the engine as a process of its own.
public final class EngineProcess {
    private EngineProcess() {}

    public static List<String> java() {
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classes,
                "io.varve.engine.Main");
    }
}
