package io.varve.supervisor;

import io.varve.supervisor.demo.Demo;
import io.varve.supervisor.demo.DemoException;
import io.varve.supervisor.demo.DemoKey;
import io.varve.supervisor.demo.Result;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `up`: everything one machine needs, until it is stopped.
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Starts PostgreSQL, web server and worker, and keeps them running until Ctrl-C.")
final class Up implements Callable<Integer> {
    @Option(names = "--port", defaultValue = "8080", description = "Port of the web server (default 8080)")
    int port;

    @Option(names = "--endpoint-port", defaultValue = "8443", description = "Port that agents call (default 8443)")
    int endpointPort;

    @Option(names = "--data", description = "Folder that everything is kept in (default: data, where Varve is)")
    @Nullable
    Path data;

    @Option(
            names = "--demo",
            description = "Runs the main job on this very machine: an alert, a capture, a timeline, an answer")
    boolean demo;

    @Option(
            names = "--exit",
            description =
                    "Stops when everything has started, with --demo after the main job and with its result as JSON")
    boolean exit;

    @Override
    public Integer call() throws InterruptedException {
        PrintStream words = exit ? System.err : System.out;
        Path home = Path.of(Optional.ofNullable(System.getenv("VARVE_HOME")).orElse("."))
                .toAbsolutePath()
                .normalize();
        Path folder =
                data == null ? home.resolve("data") : data.toAbsolutePath().normalize();
        Settings settings = new Settings(home, folder, port, endpointPort);
        try (Installation installation = Installation.start(settings, words::println)) {
            Optional<String> password = installation.firstAdmin().map(FirstAdmin::password);
            words.println("Varve is ready: " + settings.address());
            if (demo) {
                DemoKey.make(settings.address(), settings.keys(), password);
                demonstrate(installation, words);
            }
            if (!exit) {
                installation.awaitStop();
            }
            return 0;
        } catch (StartException | DemoException e) {
            System.err.println("varve: " + e.getMessage());
            return 1;
        }
    }

    private void demonstrate(Installation installation, PrintStream words) throws DemoException, InterruptedException {
        Settings settings = installation.settings();
        Demo run = new Demo(settings.address(), settings.keys(), new ThisMachine(installation), words::println);
        Result result = run.run();
        words.println("The incident's forensics: " + result.forensicsUrl());
        if (exit) {
            System.out.println(result.json());
        }
    }
}
