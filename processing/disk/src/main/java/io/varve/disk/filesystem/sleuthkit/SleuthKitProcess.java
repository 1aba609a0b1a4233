package io.varve.disk.filesystem.sleuthkit;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.LayerException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A [SleuthKitChild] at work on one volume. A child that crashes or hangs is started again once; the second time the
/// volume is given up.
///
/// Safe for several threads: one request at a time.
final class SleuthKitProcess implements AutoCloseable {
    /// How long one request may take. Reading a piece of a file takes milliseconds; searching a volume for orphans a
    /// while.
    static final Duration REQUEST = Duration.ofMinutes(3);

    private static final String HEAP = "-Xmx256m";
    private static final Set<String> INHERITED = Set.of("PATH", "LANG", "LC_ALL", "LD_LIBRARY_PATH");
    private static final int LARGEST_ANSWER = 1 << 30;

    private static final ScheduledExecutorService WATCH = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("sleuthkit-watch").daemon().factory());

    private final Bytes volume;
    private final int number;
    private final boolean pool;
    private final Duration limit;
    private final List<String> command;
    private @Nullable Child child;
    private int deaths;
    private String reason = "";

    SleuthKitProcess(Bytes volume, int number, boolean pool) {
        this(volume, number, pool, REQUEST, command());
    }

    /// @param number which file system of the volume, where it has several
    SleuthKitProcess(Bytes volume, int number, boolean pool, Duration limit, List<String> command) {
        this.volume = volume;
        this.number = number;
        this.pool = pool;
        this.limit = limit;
        this.command = command;
    }

    private static List<String> command() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-XX:-UsePerfData",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=/dev/null",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path", "").replace(File.pathSeparator + File.pathSeparator, ":"),
                SleuthKitChild.class.getName());
    }

    private record Child(Process process, DataInputStream in, DataOutputStream out, byte[] opened) {}

    interface Parts {
        void write(DataOutputStream out) throws IOException;
    }

    /// What [SleuthKitChild] said when it opened the volume.
    synchronized DataInputStream opened() throws IOException {
        for (; ; ) {
            alive();
            try {
                return stream(running().opened());
            } catch (Died e) {
                died(e);
            }
        }
    }

    /// One request and its answer.
    ///
    /// @throws CorruptException what libtsk says of the volume
    /// @throws LayerException when the child died twice
    synchronized DataInputStream ask(Request request, Parts parts) throws IOException {
        for (; ; ) {
            alive();
            try {
                return stream(exchange(running(), request, parts));
            } catch (Died e) {
                died(e);
            }
        }
    }

    private static DataInputStream stream(byte[] answer) {
        return new DataInputStream(new ByteArrayInputStream(answer));
    }

    private void alive() throws LayerException {
        if (deaths > 1) {
            throw new LayerException(
                    "The Sleuth Kit",
                    OptionalLong.empty(),
                    "its process %s, twice".formatted(reason),
                    "the rest of this volume was not read; look at it with another tool");
        }
    }

    private void died(Died e) {
        deaths++;
        reason = String.valueOf(e.getMessage());
        kill();
    }

    private Child running() throws IOException, Died {
        Child now = child;
        if (now != null) {
            return now;
        }
        var builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().retainAll(INHERITED);
        builder.environment().put("TZ", "UTC");
        Process process = builder.start();
        var in = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 18));
        var out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), 1 << 18));
        child = new Child(process, in, out, new byte[0]);
        byte[] opened = exchange(child, Request.OPEN, parts -> {
            parts.writeLong(volume.size());
            parts.writeInt(number);
            parts.writeBoolean(pool);
        });
        now = new Child(process, in, out, opened);
        child = now;
        return now;
    }

    private static final class Died extends Exception {
        private static final long serialVersionUID = 1;

        Died(String message) {
            super(message);
        }
    }

    private byte[] exchange(Child with, Request request, Parts parts) throws IOException, Died {
        boolean[] late = new boolean[1];
        ScheduledFuture<?> watch = WATCH.schedule(
                () -> {
                    late[0] = true;
                    with.process().destroyForcibly();
                },
                limit.toMillis(),
                TimeUnit.MILLISECONDS);
        try {
            with.out().write(request.ordinal());
            parts.write(with.out());
            with.out().flush();
            return answer(with);
        } catch (IOException e) {
            if (e instanceof LayerException) {
                throw e;
            }
            throw new Died(late[0] ? "hung for " + limit.toSeconds() + " s" : "crashed (%s)".formatted(exit(with)));
        } finally {
            watch.cancel(false);
        }
    }

    private byte[] answer(Child with) throws IOException {
        for (; ; ) {
            int message = with.in().readUnsignedByte();
            if (message >= Request.values().length) {
                throw new IOException("message " + message);
            }
            switch (Request.values()[message]) {
                case BYTES -> serve(with, with.in().readLong(), with.in().readInt());
                case DONE -> {
                    int length = with.in().readInt();
                    if (length < 0 || length > LARGEST_ANSWER) {
                        throw new IOException("an answer of %d bytes".formatted(length));
                    }
                    return with.in().readNBytes(length);
                }
                case FAILED ->
                    throw new CorruptException("The Sleuth Kit: " + with.in().readUTF());
                case OPEN, LIST, READ -> throw new IOException("a child that asks");
            }
        }
    }

    /// A part of the volume; one that cannot be read is an error the child passes on to libtsk.
    private void serve(Child with, long offset, int length) throws IOException {
        if (offset < 0 || length < 0 || length > SleuthKitChild.PIECE || offset >= volume.size()) {
            with.out().writeInt(offset >= volume.size() ? 0 : -1);
            with.out().flush();
            return;
        }
        int count = (int) Math.min(length, volume.size() - offset);
        byte[] piece = new byte[count];
        try {
            volume.read(offset, piece, 0, count);
        } catch (IOException | CorruptException e) {
            with.out().writeInt(-1);
            with.out().flush();
            return;
        }
        with.out().writeInt(count);
        with.out().write(piece);
        with.out().flush();
    }

    private static String exit(Child with) {
        try {
            if (!with.process().waitFor(5, TimeUnit.SECONDS)) {
                return "its output closed";
            }
            int code = with.process().exitValue();
            return code > 128 ? "signal " + (code - 128) : "exit code " + code;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted";
        }
    }

    private void kill() {
        if (child != null) {
            child.process().destroyForcibly();
            child = null;
        }
    }

    @Override
    public synchronized void close() {
        kill();
    }
}
