package io.varve.provider.endpoint.agent.host;

import io.varve.provider.endpoint.agent.host.Lines.Line;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Open file descriptors of every process, and which process holds which socket.
public final class OpenFiles {
    private static final int MOST_PER_PROCESS = 20_000;
    private static final String DELETED = " (deleted)";
    private static final Pattern SOCKET = Pattern.compile("socket:\\[([0-9]{1,19})\\]");

    private final Map<Long, Long> sockets = new HashMap<>();

    /// Reads them all; sockets are remembered for [#holder].
    public static OpenFiles read(Host host, ProcessTable processes, Lines out) throws IOException {
        var files = new OpenFiles();
        for (ProcessTable.Process process : processes.processes()) {
            files.process(host, process.pid(), out);
        }
        return files;
    }

    /// The process that holds the socket with this inode.
    public Optional<Long> holder(long inode) {
        return Optional.ofNullable(sockets.get(inode));
    }

    private void process(Host host, long pid, Lines out) throws IOException {
        int left = MOST_PER_PROCESS;
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(host.path("/proc/" + pid + "/fd"))) {
            for (Path entry : entries) {
                Optional<String> target = host.link(entry);
                if (target.isEmpty() || left-- <= 0) {
                    continue;
                }
                Matcher socket = SOCKET.matcher(target.get());
                if (socket.matches()) {
                    sockets.putIfAbsent(Long.parseLong(socket.group(1)), pid);
                }
                boolean deleted = target.get().endsWith(DELETED);
                String path =
                        deleted ? target.get().substring(0, target.get().length() - DELETED.length()) : target.get();
                out.observed(new Line()
                        .put("pid", pid)
                        .put("fd", fd(entry))
                        .put("path", path)
                        .put("deleted", deleted));
            }
        } catch (DirectoryIteratorException | java.nio.file.FileSystemException e) {
            // The process has ended, or is not ours to look at.
            return;
        }
    }

    private static long fd(Path entry) {
        String name = entry.getFileName().toString();
        return name.matches("[0-9]{1,9}") ? Long.parseLong(name) : -1;
    }
}
