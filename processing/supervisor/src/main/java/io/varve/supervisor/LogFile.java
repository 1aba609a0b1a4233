package io.varve.supervisor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;

/// A log of bounded size: the file, and the [#KEPT] files before it.
final class LogFile implements AutoCloseable {
    private static final long LARGEST = 10L << 20;
    private static final int KEPT = 3;
    private static final int LAST_LINES = 20;

    private final Path file;
    private final long largest;
    private final Deque<String> lastLines = new ArrayDeque<>();
    private Writer writer;
    private long size;

    LogFile(Path file) throws IOException {
        this(file, LARGEST);
    }

    LogFile(Path file, long largest) throws IOException {
        this.file = file;
        this.largest = largest;
        Path folder = file.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        this.writer = open(file);
        this.size = Files.size(file);
    }

    synchronized void line(String line) {
        lastLines.addLast(line);
        if (lastLines.size() > LAST_LINES) {
            lastLines.removeFirst();
        }
        try {
            if (size > largest) {
                rotate();
            }
            writer.write(line);
            writer.write('\n');
            writer.flush();
            size += line.length() + 1L;
        } catch (IOException e) {
            // a full disk must not stop the process whose log this is
            size = 0;
        }
    }

    /// What was written last, for the person who has to find out why something ended.
    synchronized String lastLines() {
        return String.join("\n", lastLines);
    }

    @Override
    public synchronized void close() {
        try {
            writer.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void rotate() throws IOException {
        writer.close();
        for (int age = KEPT; age > 0; age--) {
            Path newer = age == 1 ? file : numbered(age - 1);
            if (Files.exists(newer)) {
                Files.move(newer, numbered(age), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        writer = open(file);
        size = 0;
    }

    private Path numbered(int age) {
        return file.resolveSibling(file.getFileName() + "." + age);
    }

    private static Writer open(Path file) throws IOException {
        return Files.newBufferedWriter(
                file, StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
