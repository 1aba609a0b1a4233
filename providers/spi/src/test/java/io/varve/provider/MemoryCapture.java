package io.varve.provider;

import io.varve.evidence.DirectoryStore;
import io.varve.evidence.EvidenceKey;
import io.varve.evidence.ObjectStore;
import io.varve.evidence.Seal;
import io.varve.provider.image.BlockSource;
import io.varve.provider.image.LazyImage;
import io.varve.provider.image.Watch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A capture kept in memory, for tests. It can break off right after any step, as a killed worker does.
public final class MemoryCapture implements CaptureContext {
    private final EvidenceKey evidence = EvidenceKey.mint("main");
    private final Instant deadline;
    private final String target;
    private final Orders orders;
    private final Map<String, String> steps = new LinkedHashMap<>();
    private final List<String> custody = new ArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private final List<String> progress = new ArrayList<>();
    private final Optional<Connection> connection;
    private final Optional<Path> folder;
    private String profile = "triage";
    private Optional<ObjectStore.Upload> digests = Optional.empty();
    private boolean cancelled;
    private int breakAfter = Integer.MAX_VALUE;

    public MemoryCapture(String target, Instant deadline, Orders orders) {
        this(target, deadline, orders, Optional.empty(), Optional.empty());
    }

    /// A capture through a vendor: its bytes lie in an object store below `folder`.
    public static MemoryCapture through(Connection connection, String target, Instant deadline, Path folder) {
        return new MemoryCapture(target, deadline, new NoOrders(), Optional.of(connection), Optional.of(folder));
    }

    private MemoryCapture(
            String target, Instant deadline, Orders orders, Optional<Connection> connection, Optional<Path> folder) {
        this.target = target;
        this.deadline = deadline;
        this.orders = orders;
        this.connection = connection;
        this.folder = folder;
    }

    /// Asks for another profile than triage.
    public MemoryCapture collecting(String name) {
        profile = name;
        return this;
    }

    private record NoOrders() implements Orders {
        @Override
        public void place(Order order) {
            throw new AssertionError("no machine of ours takes orders here");
        }

        @Override
        public Optional<OrderStatus> status(String capture) {
            return Optional.empty();
        }

        @Override
        public void cancel(String capture) {}
    }

    /// The worker died.
    public static final class KilledException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /// Another profile than `triage`.
    public MemoryCapture collects(String name) {
        profile = name;
        return this;
    }

    public void cancelIt() {
        cancelled = true;
    }

    /// Dies once, when this many steps are stored.
    public void breakAfter(int stored) {
        breakAfter = stored;
    }

    /// What a worker does of a capture.
    public interface Work {
        void run() throws Exception;
    }

    /// Dies each time a step is stored, and is taken up again by another worker, until all is done.
    ///
    /// @return how often it died
    public int dyingAtEveryStep(Work work) throws Exception {
        int deaths = 0;
        while (true) {
            breakAfter = steps.size() + 1;
            try {
                work.run();
                breakAfter = Integer.MAX_VALUE;
                return deaths;
            } catch (KilledException e) {
                deaths++;
            }
        }
    }

    public Map<String, String> steps() {
        return steps;
    }

    public List<String> custodyActions() {
        return custody;
    }

    public List<String> progressTexts() {
        return progress;
    }

    @Override
    public String capture() {
        return "c-" + evidence.id().substring(3);
    }

    @Override
    public EvidenceKey evidence() {
        return evidence;
    }

    @Override
    public String target() {
        return target;
    }

    @Override
    public String profile() {
        return profile;
    }

    @Override
    public Instant deadline() {
        return deadline;
    }

    @Override
    public Optional<String> step(String name) {
        return Optional.ofNullable(steps.get(name));
    }

    @Override
    public void completed(String name, String result) {
        if (steps.putIfAbsent(name, result) != null) {
            throw new AssertionError("step " + name + " was done twice");
        }
        if (steps.size() == breakAfter) {
            breakAfter = Integer.MAX_VALUE;
            throw new KilledException();
        }
    }

    @Override
    public void progress(long done, long total, String text) {
        progress.add(text);
    }

    @Override
    public boolean cancelled() {
        return cancelled;
    }

    @Override
    public Orders orders() {
        return orders;
    }

    @Override
    public void custody(String action, String detail) {
        custody.add(action);
        lines.add(action + ": " + detail);
    }

    @Override
    public Connection connection() {
        return connection.orElseThrow();
    }

    /// Keeps digests of parts only: for captures of whole disks.
    public MemoryCapture digestsOnly() {
        digests = Optional.of(new DigestUpload());
        return this;
    }

    @Override
    public ObjectStore.Upload upload() throws IOException {
        if (digests.isPresent()) {
            return digests.get();
        }
        return store().upload(evidence.object(Seal.DATA));
    }

    /// The bytes of the capture, after completing the upload as the worker does.
    public Path stored() throws IOException {
        upload().complete();
        Path copy = Files.createTempFile(folder.orElseThrow(), "stored", ".tar.gz");
        String name = evidence.object(Seal.DATA);
        try (var bytes = store().read(name, 0, store().info(name).orElseThrow().size())) {
            Files.copy(bytes, copy, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
        return copy;
    }

    /// A folder with what is in the archive that was captured.
    public Path unpacked() throws Exception {
        Path to = Files.createTempDirectory(folder.orElseThrow(), "unpacked");
        tar("-xzf", stored().toString(), "-C", to.toString());
        return to;
    }

    /// Names of what is in the archive, each as often as it is there.
    public List<String> members() throws Exception {
        return tar("--quoting-style=literal", "-tzf", stored().toString());
    }

    /// The lines of a text in the archive.
    public List<String> lines(String member) throws Exception {
        return tar("-xzOf", stored().toString(), member);
    }

    private static List<String> tar(String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("tar"));
        command.addAll(List.of(arguments));
        Process tar = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(tar.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (tar.waitFor() != 0) {
            throw new AssertionError("tar " + List.of(arguments) + " failed");
        }
        return said.lines().toList();
    }

    /// The copy runs to its end before this returns; nobody reads meanwhile.
    @Override
    public void image(List<BlockSource> disks) throws ProviderException, InterruptedException, IOException {
        Path blocks = folder.orElseThrow().resolve("blocks");
        try (LazyImage image = LazyImage.open(disks, blocks, upload(), new LazyImage.Limits(8, 1 << 30))) {
            image.copy(new Watch() {
                @Override
                public boolean mayCopy() {
                    return true;
                }

                @Override
                public void progress(long done, long total) throws ProviderException {
                    MemoryCapture.this.progress(done, total, "copying");
                    if (cancelled) {
                        throw new ProviderException(ProviderException.Kind.CANCELLED, "cancelled");
                    }
                }
            });
        }
    }

    private ObjectStore store() throws IOException {
        return new DirectoryStore(folder.orElseThrow().resolve("objects"));
    }

    @Override
    public Path scratch() throws IOException {
        return Files.createTempDirectory(folder.orElseThrow(), "scratch");
    }

    /// What custody says, as `action: detail`.
    public List<String> custodyLines() {
        return lines;
    }
}
