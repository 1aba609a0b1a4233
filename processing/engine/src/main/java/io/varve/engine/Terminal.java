package io.varve.engine;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// A line of progress on standard error, when that is a terminal.
final class Terminal {
    private static final long EVERY_NANOS = 200_000_000;
    private static final int WIDTH = 78;

    private final PrintStream out;
    private final boolean on;
    private long shown;

    private Terminal(PrintStream out, boolean on) {
        this.out = out;
        this.on = on;
    }

    static Terminal ofStandardError() {
        return new Terminal(System.err, isTerminal());
    }

    /// Java tells only whether standard input and output are terminals.
    private static boolean isTerminal() {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty");
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    void show(long done, long total, String text) {
        long now = System.nanoTime();
        if (!on || now - shown < EVERY_NANOS) {
            return;
        }
        shown = now;
        String line = (total > 0 ? "%3d %% ".formatted(done * 100 / total) : "") + printable(text);
        out.print("\r" + line.substring(0, Math.min(WIDTH, line.length())) + "\u001b[K");
        out.flush();
    }

    void clear() {
        if (on && shown != 0) {
            out.print("\r\u001b[K");
            out.flush();
        }
    }

    /// A name from evidence must not steer the terminal.
    private static String printable(String text) {
        return text.replaceAll("\\p{C}", "?");
    }
}
