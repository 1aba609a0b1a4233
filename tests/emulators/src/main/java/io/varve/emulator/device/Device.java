package io.varve.emulator.device;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/// One host behind an emulator. Everything the emulator lets a caller do to the host goes through it; the host itself
/// has no other way in or out.
///
/// Online and containment are what the vendor's cloud believes: they change nothing in the sandbox, whose network leads
/// nowhere unless it was started connected.
public final class Device implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(20);
    private static final Duration FILE = Duration.ofMinutes(5);

    private final DeviceFacts facts;
    private final Path folder;
    private final Path tree;
    private final TreePaths paths;
    private final Sandbox sandbox;
    private final List<Runnable> whenOnline = new CopyOnWriteArrayList<>();
    private volatile boolean online = true;
    private volatile Containment containment = Containment.CONTAINED;

    private Device(DeviceFacts facts, Path folder, Path tree, Sandbox sandbox) {
        this.facts = facts;
        this.folder = folder;
        this.tree = tree;
        this.paths = new TreePaths(tree);
        this.sandbox = sandbox;
    }

    /// Writes the tree, starts the sandbox and the intruder's program in it. The device is online and contained.
    ///
    /// @param folder a folder of the test; the device makes one below it and removes it when closed
    public static Device start(DeviceFacts facts, Path folder) throws IOException {
        return start(facts, folder, false);
    }

    /// A device that reaches what this machine reaches: nobody has cut it off.
    public static Device connected(DeviceFacts facts, Path folder) throws IOException {
        Device device = start(facts, folder, true);
        device.containment(Containment.NORMAL);
        return device;
    }

    private static Device start(DeviceFacts facts, Path folder, boolean network) throws IOException {
        Path own = Files.createTempDirectory(folder, "device-").toRealPath();
        Path tree = Files.createDirectory(own.resolve("tree"));
        LinuxTree.write(tree, facts);
        var device = new Device(facts, own, tree, new Sandbox(facts.hostname(), tree, own.resolve("control"), network));
        Output started = device.run(Command.script("setsid %s --pool %s:3333 </dev/null >/dev/null 2>&1 &"
                        .formatted(LinuxTree.IMPLANT, LinuxTree.ATTACKER))
                .within(START));
        if (started.exit() != 0) {
            device.close();
            throw new IOException("the sandbox did not start: " + started.err());
        }
        return device;
    }

    /// Whether this machine can run devices; tests that need one are skipped otherwise.
    public static boolean possible() {
        try {
            Process probe = new ProcessBuilder(
                            "bwrap", "--unshare-user", "--unshare-net", "--ro-bind", "/", "/", "true")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return probe.waitFor() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    public DeviceFacts facts() {
        return facts;
    }

    /// The recognisable part of the command line of the program that keeps running in the device.
    public static String implant() {
        return LinuxTree.IMPLANT;
    }

    /// The address the device's logs blame.
    public static String attacker() {
        return LinuxTree.ATTACKER;
    }

    /// Runs a command to its end or its time limit. What it left in the background goes on.
    ///
    /// @throws IOException when the device is closed
    public Output run(Command command) throws IOException {
        return sandbox.run(command);
    }

    /// Runs a command whose input arrives and whose output leaves while it runs.
    ///
    /// @return its exit code
    public int stream(Command command, InputStream stdin, OutputStream stdout, OutputStream stderr) throws IOException {
        return sandbox.stream(command, stdin, stdout, stderr);
    }

    /// Runs a command that goes on by itself.
    public void detach(Command command) throws IOException {
        String words = command.line().substring("exec ".length());
        Output output = run(Command.script("setsid " + words + " </dev/null >/dev/null 2>&1 &")
                .in(command.folder()));
        if (output.exit() != 0) {
            throw new IOException(output.err());
        }
    }

    /// Writes a file, whole or not at all; its folder must exist.
    public void put(String path, InputStream bytes) throws IOException {
        Path target = writable(path);
        Path part = target.resolveSibling(target.getFileName() + ".part-" + System.nanoTime());
        Files.copy(bytes, part);
        Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }

    public void put(String path, byte[] bytes) throws IOException {
        put(path, new ByteArrayInputStream(bytes));
    }

    /// The bytes of a file; files of `/proc` and `/dev` are read inside the device, cut at 16 MiB.
    public InputStream read(String path) throws IOException {
        Path file = paths.resolve(path);
        if (file.startsWith(tree.resolve("proc")) || file.startsWith(tree.resolve("dev"))) {
            Output output = run(Command.of("cat", "--", path).within(FILE));
            if (output.exit() != 0) {
                throw new NoSuchFileException(path);
            }
            return new ByteArrayInputStream(output.stdout());
        }
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(path);
        }
        return Files.newInputStream(file);
    }

    public long size(String path) throws IOException {
        return Files.size(paths.resolve(path));
    }

    public boolean exists(String path) throws IOException {
        return Files.exists(paths.resolve(path));
    }

    public boolean isFolder(String path) throws IOException {
        return Files.isDirectory(paths.resolve(path));
    }

    /// The names in a folder, sorted.
    public List<String> list(String folder) throws IOException {
        try (Stream<Path> files = Files.list(paths.resolve(folder))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /// Removes a file or a folder with all in it.
    public void delete(String path) throws IOException {
        Trees.delete(writable(path));
    }

    public void makeFolder(String path) throws IOException {
        Files.createDirectories(writable(path));
    }

    private Path writable(String path) throws IOException {
        Path target = paths.resolve(path);
        if (!paths.writable(target) || target.equals(tree)) {
            throw new ReadOnlyFileSystemException();
        }
        return target;
    }

    /// Every file of the device, to compare with a later one.
    public Snapshot snapshot() throws IOException {
        return Snapshot.of(tree);
    }

    public boolean online() {
        return online;
    }

    public void goOffline() {
        online = false;
    }

    /// Comes back; what emulators queued for the device runs.
    public void comeOnline() {
        online = true;
        whenOnline.forEach(Runnable::run);
    }

    /// Calls back each time the device comes online.
    public void whenOnline(Runnable what) {
        whenOnline.add(what);
    }

    public Containment containment() {
        return containment;
    }

    public void containment(Containment state) {
        containment = state;
    }

    /// Contained becomes free and the other way round, as if an analyst did it in the vendor's console.
    public void flipContainment() {
        containment = containment.flipped();
    }

    /// Kills everything in the device and removes its tree.
    @Override
    public void close() {
        sandbox.close();
        try {
            Trees.delete(tree);
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
