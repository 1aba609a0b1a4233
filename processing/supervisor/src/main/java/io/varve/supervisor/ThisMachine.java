package io.varve.supervisor;

import io.varve.supervisor.demo.Demo;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The endpoint agent as a child of the supervisor, for the demonstration.
record ThisMachine(Installation installation) implements Demo.Agent {
    private static final String MAIN = "io.varve.provider.endpoint.agent.AgentMain";

    @Override
    public boolean enrolled() {
        return Files.exists(state().resolve("identity.json"));
    }

    @Override
    public void start(List<String> arguments) throws IOException, InterruptedException {
        Path target = installation.settings().home().resolve("providers/endpoint/target");
        List<String> command = new ArrayList<>(List.of(
                Installation.java(),
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                jar(target) + File.pathSeparator + target.resolve("lib") + "/*",
                MAIN,
                "run",
                "--state",
                state().toString()));
        command.addAll(arguments);
        installation.startChild("agent", command, Map.of());
    }

    private Path state() {
        return installation.settings().data().resolve("agent");
    }

    private static Path jar(Path target) throws IOException {
        try (DirectoryStream<Path> jars = Files.newDirectoryStream(target, "varve-provider-endpoint-*[!s].jar")) {
            for (Path jar : jars) {
                return jar;
            }
        }
        throw new IOException("no agent in " + target);
    }
}
