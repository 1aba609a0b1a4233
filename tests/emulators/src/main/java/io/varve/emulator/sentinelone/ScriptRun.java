package io.varve.emulator.sentinelone;

import io.varve.emulator.device.Command;
import io.varve.emulator.device.Containment;
import io.varve.emulator.device.Device;
import io.varve.emulator.device.Output;
import io.varve.emulator.device.Snapshot;
import io.varve.emulator.kit.ShellWords;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Runs a script in the device of its agent and packs what it left: standard output and error, the files that were
/// asked for, and what lies in `$S1_OUTPUT_DIR_PATH`.
///
/// Which names the members of a result have is not published: `stdout.txt`, `stderr.txt` and the files' own are ours.
final class ScriptRun {
    /// @param zip absent when nothing was uploaded; `resultError` then says why, or is empty when nothing was asked for
    record Outcome(
            String status,
            String detail,
            Optional<Integer> exit,
            Optional<Path> zip,
            String signature,
            String resultError) {}

    private final Behaviour behaviour;
    private final Storage storage;

    ScriptRun(Behaviour behaviour, Storage storage) {
        this.behaviour = behaviour;
        this.storage = storage;
    }

    Outcome of(Task task) {
        String folder = behaviour.scriptFolder + "/" + task.id;
        Optional<Device> reachable = task.agent.reachable();
        if (reachable.isEmpty()) {
            return failed("The agent does not answer");
        }
        Device device = reachable.get();
        try {
            Output output = run(device, task.order, folder);
            return outcome(device, task, folder, output);
        } catch (IOException e) {
            return failed("Script execution failed: " + e.getMessage());
        } finally {
            Thread.interrupted(); // a run that was stopped is cleaned up all the same
            remove(device, folder);
        }
    }

    private static Outcome failed(String why) {
        return new Outcome("failed", why, Optional.empty(), Optional.empty(), "", why);
    }

    private static void remove(Device device, String folder) {
        try {
            device.delete(folder);
        } catch (IOException e) {
            // stays on the device, where a test's snapshot finds it
        }
    }

    private static Output run(Device device, Task.Order order, String folder) throws IOException {
        device.makeFolder(folder + "/output");
        device.makeFolder(folder + "/package");
        String script = folder + "/" + order.script().name().replaceAll("[^A-Za-z0-9._-]", "_");
        device.put(script, order.script().content());
        if (order.script().attachment().isPresent()) {
            Script.Attachment file = order.script().attachment().get();
            String name = file.fileName().replaceAll("[^A-Za-z0-9._-]", "_");
            device.put(folder + "/package/" + name, file.content());
        }
        var argv = new ArrayList<>(List.of(
                "env",
                "S1_OUTPUT_DIR_PATH=" + folder + "/output",
                "S1_PACKAGE_DIR_PATH=" + folder + "/package",
                "bash",
                script));
        argv.addAll(ShellWords.of(order.input()));
        return device.run(new Command(argv, folder, new byte[0], Duration.ofSeconds(order.timeoutSeconds())));
    }

    private Outcome outcome(Device device, Task task, String folder, Output output) throws IOException {
        boolean good = output.exit() == 0;
        String status = good || behaviour.failingScriptsComplete ? "completed" : "failed";
        String detail =
                good ? "Execution completed successfully" : "Script execution failed with exit code " + output.exit();
        if (!task.order.toCloud()) {
            return new Outcome(status, detail, Optional.of(output.exit()), Optional.empty(), "", "");
        }
        if (behaviour.resultsBlockedInQuarantine && device.containment() == Containment.CONTAINED) {
            return withoutResult(output, "Failed to upload results: the endpoint is disconnected from the network");
        }
        Path zip = storage.newFile();
        pack(device, task.order, folder, output, zip);
        if (Files.size(zip) > behaviour.resultLimit) {
            Files.delete(zip);
            return withoutResult(output, "Failed to upload results: larger than the limit");
        }
        String signature;
        try (InputStream in = Files.newInputStream(zip)) {
            signature = Snapshot.sha256(in);
        }
        return new Outcome(status, detail, Optional.of(output.exit()), Optional.of(zip), signature, "");
    }

    private static Outcome withoutResult(Output output, String why) {
        return new Outcome("partially_completed", why, Optional.of(output.exit()), Optional.empty(), "", why);
    }

    private static void pack(Device device, Task.Order order, String folder, Output output, Path zip)
            throws IOException {
        try (var out = new PasswordZip(zip, order.password())) {
            out.add("stdout.txt", new ByteArrayInputStream(output.stdout()));
            out.add("stderr.txt", new ByteArrayInputStream(output.stderr()));
            for (String path : order.outputs()) {
                add(device, path, path.substring(path.lastIndexOf('/') + 1), out);
            }
            for (String name : device.list(folder + "/output")) {
                add(device, folder + "/output/" + name, name, out);
            }
        }
    }

    private static void add(Device device, String path, String name, PasswordZip out) throws IOException {
        if (!device.exists(path) || device.isFolder(path)) {
            return;
        }
        try (InputStream content = device.read(path)) {
            out.add(name, content);
        }
    }
}
