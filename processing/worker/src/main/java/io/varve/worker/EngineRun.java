package io.varve.worker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.event.wire.Frame;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/// One engine process: started, fed with blocks, listened to, and killed when it takes too long or says nothing.
final class EngineRun implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(EngineRun.class);
    private static final JsonMapper JSON = new JsonMapper();
    /// Frames read ahead of their handling.
    private static final int QUEUE = 64;
    private static final Duration TICK = Duration.ofMillis(250);
    private static final Duration WATCH = Duration.ofSeconds(1);
    private static final int LAST_SECONDS = 10;
    private static final Set<String> INHERITED = Set.of("PATH", "LANG", "LC_ALL", "TZ");

    private final Process process;
    private final DataOutputStream toEngine;
    private final BlockingQueue<Message> messages = new ArrayBlockingQueue<>(QUEUE);
    private final Duration silence;
    private final long deadline;
    private final Thread receiver;
    /// When the write that is going on began; 0 when none is.
    private volatile long feeding;
    private final AtomicBoolean reading = new AtomicBoolean();

    /// Reads one block of the evidence.
    @FunctionalInterface
    interface Blocks {
        byte[] read(long offset, int length) throws IOException;
    }

    /// Where an engine's answers go. Called by one thread.
    interface Listener {
        void events(List<String> lines) throws IOException;

        void coverage(List<String> lines) throws IOException;

        void progress(long done, long total, String text) throws IOException;

        /// A piece of what was asked for with a look: lines about names, or bytes of a file.
        default void piece(byte[] content) throws IOException {
            throw new IOException("an answer nobody asked for");
        }

        /// Why a look has no answer, at the end.
        default void refused(String reason) throws IOException {}

        /// Called a few times a second, also while the engine says nothing; false stops the engine.
        boolean tick() throws IOException;
    }

    private sealed interface Message {
        record Received(Frame frame) implements Message {}

        /// A block that it asked for cannot be read.
        record Unread(IOException problem) implements Message {}

        record Ended(Optional<IOException> problem) implements Message {}
    }

    EngineRun(List<String> command, Path scratch, WorkerConfig.Engine config) throws IOException {
        var builder = new ProcessBuilder(command).directory(scratch.toFile());
        // Ours holds the database's password.
        builder.environment().keySet().retainAll(INHERITED);
        process = builder.start();
        toEngine = new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), 1 << 16));
        silence = config.silence();
        deadline = System.nanoTime() + config.wallClock().toNanos();
        // reading a pipe holds a carrier of virtual threads: engines at work would leave none for the other jobs
        receiver = Thread.ofPlatform().daemon().name("engine-out").start(this::receive);
        Thread.ofPlatform().daemon().name("engine-log").start(() -> EngineLog.follow(process.getErrorStream()));
        Thread.ofVirtual().name("engine-watch").start(this::watch);
    }

    /// Kills an engine that does not take what it asked for: the thread that feeds it hangs in the pipe.
    private void watch() {
        try {
            while (!process.waitFor(WATCH.toMillis(), TimeUnit.MILLISECONDS)) {
                long since = feeding;
                if (since != 0 && System.nanoTime() - since > silence.toNanos()) {
                    process.destroyForcibly();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Runs the job to its end.
    ///
    /// @return the engine's exit code as the command line defines it, or empty when the listener stopped it
    /// @throws EngineException when the engine crashed or hung
    /// @throws IOException when the listener or the evidence store failed
    Optional<Integer> run(Map<String, Object> job, Blocks blocks, Listener listener)
            throws EngineException, IOException, InterruptedException {
        send(new Frame(Frame.Type.JOB, JSON.writeValueAsBytes(job)));
        long heard = System.nanoTime();
        while (true) {
            if (!listener.tick()) {
                return Optional.empty();
            }
            Message message = messages.poll(TICK.toMillis(), TimeUnit.MILLISECONDS);
            // while it waits for a block from far away its silence is ours
            heard = message == null && !reading.get() ? heard : System.nanoTime();
            expectLife(heard);
            if (message == null) {
                continue;
            }
            switch (message) {
                case Message.Received(Frame frame) -> {
                    if (frame.type() == Frame.Type.END) {
                        JsonNode end = json(frame);
                        if (end.hasNonNull("reason")) {
                            listener.refused(end.path("reason").asText());
                        }
                        return Optional.of(end.path("exit").asInt());
                    }
                    handle(frame, blocks, listener);
                }
                case Message.Unread(IOException problem) -> throw problem;
                case Message.Ended(Optional<IOException> problem) ->
                    throw new EngineException("the engine ended with %s%s"
                            .formatted(
                                    exit(),
                                    problem.map(e -> ": " + e.getMessage()).orElse("")));
            }
        }
    }

    private void expectLife(long heard) throws EngineException {
        long now = System.nanoTime();
        if (now > deadline) {
            throw new EngineException("the engine took longer than it may");
        }
        if (now - heard > silence.toNanos()) {
            throw new EngineException("the engine said nothing for " + silence);
        }
    }

    private String exit() throws InterruptedException {
        if (!process.waitFor(5, TimeUnit.SECONDS)) {
            return "its output closed";
        }
        int code = process.exitValue();
        return code > 128 ? "signal " + (code - 128) : "exit code " + code;
    }

    private static JsonNode json(Frame frame) throws EngineException {
        try {
            return JSON.readTree(frame.payload());
        } catch (IOException e) {
            throw new EngineException("the engine sent a frame that is not JSON");
        }
    }

    /// What is not in the form agreed on is the engine's failure, not the storage's: trying again would not end.
    private void handle(Frame frame, Blocks blocks, Listener listener) throws IOException, EngineException {
        try {
            take(frame, blocks, listener);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new EngineException("the engine sent %s that cannot be read".formatted(frame.type()));
        }
    }

    private void take(Frame frame, Blocks blocks, Listener listener) throws IOException, EngineException {
        switch (frame.type()) {
            case EVENTS -> listener.events(lines(frame));
            case COVERAGE -> listener.coverage(lines(frame));
            case PROGRESS -> {
                JsonNode progress = json(frame);
                listener.progress(
                        progress.path("done").asLong(),
                        progress.path("total").asLong(),
                        progress.path("text").asText());
            }
            case READ -> answer(frame, blocks);
            case NAMES, DATA -> listener.piece(frame.payload());
            case JOB, BLOCK, ERROR, END -> throw new EngineException("the engine sent a frame of type " + frame.type());
        }
    }

    private void answer(Frame frame, Blocks blocks) throws IOException, EngineException {
        if (frame.payload().length != Long.BYTES + Integer.BYTES) {
            throw new EngineException("a block request of %d bytes".formatted(frame.payload().length));
        }
        ByteBuffer request = ByteBuffer.wrap(frame.payload());
        long offset = request.getLong();
        int length = request.getInt();
        if (offset < 0 || length < 0 || length > Frame.LARGEST) {
            throw new EngineException("asked for %d bytes at %d".formatted(length, offset));
        }
        if (!reading.compareAndSet(false, true)) {
            throw new EngineException("asked for two blocks at once");
        }
        // what it said before is handled meanwhile
        Thread.ofVirtual().name("engine-block").start(() -> read(blocks, offset, length));
    }

    private void read(Blocks blocks, long offset, int length) {
        try {
            byte[] block = blocks.read(offset, length);
            reading.set(false);
            send(new Frame(Frame.Type.BLOCK, block));
        } catch (IOException e) {
            tell(new Message.Unread(e));
        } catch (RuntimeException e) {
            tell(new Message.Unread(new IOException(e)));
        } catch (EngineException e) {
            // its end is heard on the other pipe
            LOG.debugf("engine %d: %s", process.pid(), e.reason());
        }
    }

    private void tell(Message message) {
        try {
            messages.put(message);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void send(Frame frame) throws EngineException {
        feeding = System.nanoTime() | 1;
        try {
            frame.write(toEngine);
            toEngine.flush();
        } catch (IOException e) {
            throw new EngineException("the engine stopped listening: " + e.getMessage());
        } finally {
            feeding = 0;
        }
    }

    private static List<String> lines(Frame frame) {
        return new String(frame.payload(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }

    private void receive() {
        Optional<IOException> problem = Optional.empty();
        try (var in = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 18))) {
            for (Optional<Frame> frame = Frame.read(in); frame.isPresent(); frame = Frame.read(in)) {
                messages.put(new Message.Received(frame.get()));
            }
        } catch (IOException e) {
            problem = Optional.of(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        tell(new Message.Ended(problem));
    }

    /// Kills the process and all it started, and waits for its end: its scratch folder is removed next.
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        receiver.interrupt();
        try {
            if (!process.waitFor(LAST_SECONDS, TimeUnit.SECONDS)) {
                LOG.warnf("engine %d does not end", process.pid());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
