package io.varve.provider.collector;

import io.varve.emulator.device.Command;
import io.varve.emulator.device.Device;
import io.varve.emulator.device.Output;
import io.varve.provider.CaptureContext;
import io.varve.provider.Connection;
import io.varve.provider.Containment;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A vendor as simple as can be: runs and fetches on a sandbox at once, and fails where a test wants it to.
final class DeviceChannel implements Channel, PlainFiles, HostDirectory {
    private static final String FOLDER = "/var/tmp";

    private final Device device;
    private final Path scratch;
    private final List<String> fetched = new ArrayList<>();
    private boolean scripts = true;
    private int damaged;
    private Containment containment = Containment.CONTAINED;
    private final Map<String, String> library = new TreeMap<>();

    DeviceChannel(Device device, Path scratch) {
        this.device = device;
        this.scratch = scratch;
    }

    void withoutScripts() {
        scripts = false;
    }

    /// The next fetches bring other bytes.
    void damage(int times) {
        damaged = times;
    }

    void containment(Containment state) {
        containment = state;
    }

    List<String> fetched() {
        return fetched;
    }

    @Override
    public RemoteHost find(Connection connection, String target) {
        return new RemoteHost(
                "id-1", target, Optional.of(Platform.LINUX), Optional.of(true), List.of(), Map.of("vendor", "none"));
    }

    @Override
    public Containment containment(Connection connection, RemoteHost host) {
        return containment;
    }

    @Override
    public Channel open(Connection connection, RemoteHost host, CaptureContext context) {
        return this;
    }

    @Override
    public String deliver(CollectorScript script) throws ProviderException {
        if (!scripts) {
            throw new ProviderException(Kind.FORBIDDEN, "scripts may not be run: grant the right to do so");
        }
        try {
            device.put(FOLDER + "/" + script.fileName(), script.content());
            library.put(script.fileName(), FOLDER);
            return FOLDER;
        } catch (IOException e) {
            throw new ProviderException(Kind.FAILED, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public String run(CollectorScript script, List<String> arguments) throws ProviderException {
        var words = new ArrayList<>(List.of("sh", FOLDER + "/" + script.fileName()));
        words.addAll(arguments);
        try {
            Output output = device.run(
                    Command.of(words.toArray(String[]::new)).in("/tmp").within(Duration.ofMinutes(1)));
            return "vendor's banner\r\n" + output.out();
        } catch (IOException e) {
            throw new ProviderException(Kind.FAILED, String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void fetch(List<RemoteFile> files, Arrival arrival)
            throws ProviderException, InterruptedException, IOException {
        for (RemoteFile file : files) {
            Path local = Files.createTempFile(scratch, "file", "");
            try (InputStream bytes = device.read(file.path())) {
                byte[] content = bytes.readAllBytes();
                if (damaged > 0) {
                    damaged--;
                    content[content.length / 2] ^= 1;
                }
                Files.write(local, content);
            } catch (NoSuchFileException e) {
                throw new ProviderException(Kind.NOT_FOUND, "no such file: " + file.path());
            }
            fetched.add(file.path());
            arrival.arrived(file, local);
            Files.delete(local);
        }
    }

    @Override
    public List<Entry> list(String folder) throws ProviderException {
        try {
            var entries = new ArrayList<Entry>();
            for (String name : device.list(folder)) {
                String path = folder.equals("/") ? "/" + name : folder + "/" + name;
                boolean isFolder = device.isFolder(path);
                entries.add(new Entry(name, isFolder, isFolder ? 0 : device.size(path)));
            }
            return entries;
        } catch (IOException e) {
            throw new ProviderException(Kind.NOT_FOUND, "no folder " + folder);
        }
    }

    @Override
    public Map<String, String> liveState() {
        return Map.of("ps", "PID CMD\n1 init\n");
    }

    @Override
    public List<String> remove(CollectorScript script) {
        library.clear();
        return List.of("nothing stays");
    }

    @Override
    public Terms terms() {
        return new Terms(FOLDER, 1 << 20, 3, Duration.ofMillis(200));
    }

    @Override
    public void close() {}
}
