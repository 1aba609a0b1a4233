package io.varve.provider.endpoint.agent;

import io.varve.evidence.Digest;
import io.varve.provider.endpoint.agent.archive.Parts;
import io.varve.provider.endpoint.agent.host.Host;
import io.varve.provider.endpoint.protocol.EnrolmentToken;
import io.varve.provider.endpoint.protocol.Json;
import io.varve.provider.endpoint.protocol.Keys;
import io.varve.provider.endpoint.protocol.Message;
import io.varve.provider.endpoint.protocol.Order;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The agent: enrols once, finishes what an earlier run left, then waits for orders and carries them out one by one.
public final class Agent implements AutoCloseable {
    public static final String VERSION = "0.1";

    private static final int WAIT_SECONDS = 25;
    private static final int MOST_REMEMBERED = 1000;
    private static final Pattern CAPTURE = Pattern.compile("[A-Za-z0-9-]{1,64}");

    private final Path state;
    private final Host host;
    private final Clock clock;
    private final Pause pause;
    private final int partSize;
    private final FileChannel lockFile;
    private Identity identity;
    private Connection connection;

    /// How an agent is set up.
    ///
    /// @param server `https://host:port`
    /// @param token needed until the agent is enrolled
    /// @param state private folder for key and journal, made when absent
    /// @param root the host to capture, `/` in earnest
    /// @param partSize compressed bytes after which a part is sent
    public record Setup(
            Optional<String> server,
            Optional<String> token,
            Path state,
            Path root,
            int partSize,
            Clock clock,
            Pause pause) {
        public static Setup of(Optional<String> server, Optional<String> token, Path state, Path root) {
            return new Setup(server, token, state, root, Parts.TARGET, Clock.systemUTC(), Thread::sleep);
        }
    }

    /// @throws IOException also when another agent uses the state folder
    public Agent(Setup setup) throws IOException, EnrolmentException, InterruptedException {
        this.state = Keys.privateFolder(setup.state().toAbsolutePath().normalize());
        this.host = new Host(setup.root());
        this.clock = setup.clock();
        this.pause = setup.pause();
        this.partSize = setup.partSize();
        this.lockFile = FileChannel.open(state.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            lock();
            this.identity = identity(setup);
            this.connection = new Connection(identity, clock, pause);
            enrol(setup);
        } catch (IOException | EnrolmentException | InterruptedException | RuntimeException e) {
            lockFile.close();
            throw e;
        }
    }

    /// The agent is not enrolled and cannot be with what it was given.
    public static final class EnrolmentException extends Exception {
        EnrolmentException(String message) {
            super(message);
        }
    }

    private void lock() throws IOException {
        FileLock lock;
        try {
            lock = lockFile.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            throw new IOException("another agent uses " + state);
        }
    }

    private Identity identity(Setup setup) throws IOException, EnrolmentException {
        Optional<Identity> known = Identity.in(state);
        if (known.isPresent() && known.get().agent().isPresent()) {
            return known.get();
        }
        if (setup.server().isEmpty() || setup.token().isEmpty()) {
            throw new EnrolmentException("not enrolled yet: --server and --token are needed");
        }
        EnrolmentToken token = token(setup);
        Optional<Identity> begun =
                known.filter(identity -> identity.server().equals(setup.server().get())
                        && identity.fingerprint().equals(token.fingerprint()));
        Identity fresh = begun.orElseGet(() -> Identity.mint(setup.server().get(), token.fingerprint()));
        fresh.save(state);
        return fresh;
    }

    private static EnrolmentToken token(Setup setup) throws EnrolmentException {
        try {
            return EnrolmentToken.parse(setup.token().orElseThrow());
        } catch (IllegalArgumentException e) {
            throw new EnrolmentException(String.valueOf(e.getMessage()));
        }
    }

    private void enrol(Setup setup) throws IOException, EnrolmentException, InterruptedException {
        if (identity.agent().isPresent()) {
            return;
        }
        try {
            Message.Enrolled answer = connection.enrol(token(setup).secret(), host.facts(VERSION));
            identity = identity.enrolled(answer.agent(), answer.orderKey());
            identity.save(state);
            connection.close();
            connection = new Connection(identity, clock, pause);
            AgentMain.log("enrolled as " + answer.agent());
        } catch (RefusedException e) {
            throw new EnrolmentException("the server refused: " + e.getMessage());
        }
    }

    /// The id the server gave.
    public String id() {
        return identity.agent().orElseThrow();
    }

    /// Works until the thread is interrupted or the server no longer knows this agent.
    public void run() throws IOException, EnrolmentException, InterruptedException {
        while (true) {
            once(WAIT_SECONDS);
        }
    }

    /// Finishes what was left, then waits up to `seconds` for one order and carries it out.
    ///
    /// @return true when there was an order
    public boolean once(int seconds) throws IOException, EnrolmentException, InterruptedException {
        for (Path folder : unfinished()) {
            carryOut(Journal.open(folder));
        }
        try {
            Optional<Message.SignedOrder> order = connection.order(host.facts(VERSION), seconds);
            if (order.isEmpty()) {
                return false;
            }
            accept(order.get());
            return true;
        } catch (RefusedException e) {
            throw new EnrolmentException("the server refused: " + e.getMessage());
        }
    }

    private List<Path> unfinished() throws IOException {
        Path captures = Keys.privateFolder(state.resolve("captures"));
        var folders = new ArrayList<Path>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(captures, Files::isDirectory)) {
            stream.forEach(folders::add);
        }
        return folders;
    }

    private void accept(Message.SignedOrder signed) throws IOException, InterruptedException {
        Order order;
        try {
            order = checked(signed);
        } catch (IOException e) {
            refuse(signed, String.valueOf(e.getMessage()));
            // The server may be asked again at once; do not answer a bad order with a busy loop.
            pause.pass(java.time.Duration.ofSeconds(1));
            return;
        }
        carryOut(Journal.begin(state.resolve("captures").resolve(order.capture()), signed));
    }

    /// Says why the order is not obeyed, as far as it can be told which order it was.
    private void refuse(Message.SignedOrder signed, String why) throws InterruptedException {
        AgentMain.log("order refused: " + why);
        try {
            String capture = Json.read(signed.order(), Order.class).capture();
            if (CAPTURE.matcher(capture).matches()) {
                connection.post(capture, "failed", new Message.Failed("the agent refused: " + why));
            }
        } catch (IOException | RefusedException e) {
            AgentMain.log("the refusal could not be told");
        }
    }

    /// @throws IOException when the order is not to be obeyed
    private Order checked(Message.SignedOrder signed) throws IOException {
        Order order = signature(signed);
        if (clock.instant().plus(connection.serverAhead()).isAfter(order.expires())) {
            throw new IOException("the order has expired");
        }
        if (done().contains(order.capture())) {
            throw new IOException("the order was carried out before");
        }
        return order;
    }

    private Order signature(Message.SignedOrder signed) throws IOException {
        byte[] key = identity.orderKey().orElseThrow();
        if (!Keys.verify(Keys.publicKey(key), signed.order(), signed.signature())) {
            throw new IOException("the order is not signed by the server");
        }
        Order order = Json.read(signed.order(), Order.class);
        if (!order.schema().equals(Order.SCHEMA) || !order.agent().equals(id())) {
            throw new IOException("the order is for another agent");
        }
        if (!CAPTURE.matcher(order.capture()).matches()) {
            throw new IOException("the capture has no proper name");
        }
        return order;
    }

    private void carryOut(Journal journal) throws IOException, InterruptedException {
        Order order;
        try {
            order = signature(journal.order());
        } catch (IOException e) {
            AgentMain.log("a journal cannot be read and is dropped: " + e.getMessage());
            journal.remove();
            return;
        }
        AgentMain.log(
                "capture " + order.capture() + ", profile " + order.profile().name());
        try {
            if (connection
                    .post(order.capture(), "accepted", new Message.Progress(0, ""))
                    .cancelled()) {
                throw new CancelledException();
            }
            // Counts of files and bytes read are per capture, hence a host of its own.
            var captured = new Host(host.root());
            var means = new Archive.Means(
                    connection, captured, clock, pause, order.profile().caps().bytesPerSecond(), partSize);
            Archive archive = Archive.open(order.capture(), journal, means);
            new CaptureRun(order, archive, connection, captured, captured.facts(VERSION), clock, state).run();
            AgentMain.log("capture " + order.capture() + " is uploaded");
        } catch (CancelledException e) {
            giveUp(order, "cancelled");
        } catch (RefusedException e) {
            giveUp(order, "the server refused: " + e.getMessage());
        } catch (ClosedByInterruptException e) {
            // Being stopped is not a failure: the journal says where to go on.
            throw new InterruptedException();
        } catch (IOException | RuntimeException e) {
            giveUp(order, "the agent failed: " + e);
        }
        remember(order.capture());
        journal.remove();
    }

    private void giveUp(Order order, String reason) throws InterruptedException {
        AgentMain.log("capture " + order.capture() + " ended: " + reason);
        try {
            connection.post(order.capture(), "failed", new Message.Failed(reason));
        } catch (RefusedException e) {
            AgentMain.log("the server did not want to know: " + e.getMessage());
        }
    }

    private List<String> done() throws IOException {
        Path file = state.resolve("done");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private void remember(String capture) throws IOException {
        var captures = new ArrayList<>(done());
        captures.add(capture);
        List<String> newest = captures.subList(Math.max(0, captures.size() - MOST_REMEMBERED), captures.size());
        Keys.write(
                state.resolve("done"),
                (String.join("\n", newest) + "\n").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }

    /// The certificate that is believed.
    public Digest fingerprint() {
        return identity.fingerprint();
    }

    @Override
    public void close() throws IOException {
        connection.close();
        lockFile.close();
    }
}
