package io.varve.provider.endpoint.agent.host;

import io.varve.evidence.Digest;
import io.varve.provider.endpoint.agent.host.Lines.Line;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The processes, read from `/proc` once per capture. See proc(5).
public final class ProcessTable {
    private static final int MOST = 100_000;
    private static final long LARGEST_HASHED = 256L << 20;
    private static final long MOST_HASHED = 2L << 30;
    private static final int TICKS_PER_SECOND = 100;
    private static final String DELETED = " (deleted)";
    private static final Pattern CONTAINER = Pattern.compile("(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])");

    private final Host host;
    private final Clock clock;
    private final List<Process> processes;
    private final Map<Object, String> hashes = new HashMap<>();
    private long hashed;

    /// @param executable absent for threads of the kernel and where we may not look
    /// @param deleted the executable is no longer on the disk under its name
    /// @param startTicks hundredths of a second from the start of the host to its own: with [#bootTime] the same in
    /// every capture, as `started` is not quite
    /// @param network identity of its network namespace
    public record Process(
            long pid,
            long parent,
            String name,
            String commandLine,
            Optional<String> executable,
            boolean deleted,
            Optional<String> cwd,
            OptionalLong uid,
            Optional<Instant> started,
            long startTicks,
            long session,
            Optional<String> cgroup,
            Optional<String> container,
            Optional<String> network,
            Instant observed) {}

    private ProcessTable(Host host, Clock clock) {
        this.host = host;
        this.clock = clock;
        this.processes = new ArrayList<>();
    }

    public static ProcessTable of(Host host, Clock clock) {
        var table = new ProcessTable(host, clock);
        Optional<Instant> boot = table.boot();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(host.path("/proc"), "[0-9]*")) {
            for (Path entry : entries) {
                if (table.processes.size() < MOST) {
                    table.process(entry, boot).ifPresent(table.processes::add);
                }
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            // No /proc: no processes; the outcome of the member says so.
            return table;
        }
        table.processes.sort(Comparator.comparingLong(Process::pid));
        return table;
    }

    public List<Process> processes() {
        return List.copyOf(processes);
    }

    /// Hashes the executables, each file once.
    public void write(Lines out) throws IOException {
        Optional<Long> bootTime = bootTime();
        for (Process process : processes) {
            out.add(new Line()
                    .put("pid", process.pid())
                    .put("ppid", process.parent())
                    .put("name", process.name())
                    .put("command_line", process.commandLine())
                    .put("executable", process.executable())
                    .put("sha256", sha256(process))
                    .put("deleted", process.deleted())
                    .put("cwd", process.cwd())
                    .put("uid", number(process.uid()))
                    .put(
                            "user",
                            process.uid().isPresent() ? host.user(process.uid().getAsLong()) : Optional.empty())
                    .put("start_time", process.started().map(Instant::toString))
                    .put("start_ticks", process.startTicks())
                    .put("boot_time", bootTime)
                    .put("session", process.session())
                    .put("cgroup", process.cgroup())
                    .put("container", process.container())
                    .put("observed", process.observed().toString()));
        }
    }

    static Optional<Long> number(OptionalLong value) {
        return value.isPresent() ? Optional.of(value.getAsLong()) : Optional.empty();
    }

    /// When the host started: now less its uptime, which is kept in hundredths of a second.
    private Optional<Instant> boot() {
        return host.text(host.path("/proc/uptime"))
                .map(text -> text.split(" ")[0])
                .filter(seconds -> seconds.matches("[0-9]{1,12}\\.[0-9]{2}"))
                .map(seconds -> clock.instant().minusMillis(10 * Long.parseLong(seconds.replace(".", ""))));
    }

    /// The second in which the host started, as the kernel keeps it.
    private Optional<Long> bootTime() {
        return host.text(host.path("/proc/stat")).stream()
                .flatMap(String::lines)
                .filter(line -> line.matches("btime [0-9]{1,12}"))
                .map(line -> Long.parseLong(line.substring("btime ".length())))
                .findFirst();
    }

    private Optional<Process> process(Path folder, Optional<Instant> boot) {
        Optional<String> stat = host.text(folder.resolve("stat"));
        if (stat.isEmpty() || stat.get().lastIndexOf(')') < 0) {
            return Optional.empty();
        }
        // The name is in parentheses and may hold anything, also parentheses and spaces.
        String text = stat.get();
        String[] fields = text.substring(text.lastIndexOf(')') + 1).strip().split(" ");
        if (fields.length < 20) {
            return Optional.empty();
        }
        Optional<String> executable = host.link(folder.resolve("exe"));
        Optional<String> cgroup = host.text(folder.resolve("cgroup")).map(ProcessTable::cgroup);
        try {
            return Optional.of(new Process(
                    Long.parseLong(folder.getFileName().toString()),
                    Long.parseLong(fields[1]),
                    text.substring(text.indexOf('(') + 1, text.lastIndexOf(')')),
                    Host.spaced(host.bytes(folder.resolve("cmdline")).orElse(new byte[0])),
                    executable.map(path ->
                            path.endsWith(DELETED) ? path.substring(0, path.length() - DELETED.length()) : path),
                    executable.filter(path -> path.endsWith(DELETED)).isPresent(),
                    host.link(folder.resolve("cwd")),
                    uid(folder),
                    boot.map(start -> started(start, fields[19])),
                    Long.parseLong(fields[19]),
                    Long.parseLong(fields[3]),
                    cgroup,
                    cgroup.flatMap(ProcessTable::container),
                    host.link(folder.resolve("ns/net")),
                    clock.instant()));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /// Good to a hundredth of a second, as the kernel tells it.
    private static Instant started(Instant boot, String ticks) {
        Instant start = boot.plus(Duration.ofMillis(Long.parseLong(ticks) * 1000 / TICKS_PER_SECOND));
        return Instant.ofEpochMilli(start.toEpochMilli() / 10 * 10);
    }

    private OptionalLong uid(Path folder) {
        return host.text(folder.resolve("status")).stream()
                .flatMap(String::lines)
                .filter(line -> line.startsWith("Uid:"))
                .map(line -> line.substring(4).strip().split("\\s+"))
                .filter(ids -> ids.length > 1)
                .mapToLong(ids -> Long.parseLong(ids[1]))
                .findFirst();
    }

    /// Version 2 is the line `0::/path`; of version 1 the first hierarchy stands for all.
    private static String cgroup(String text) {
        List<String> lines = text.lines().toList();
        String line = lines.stream()
                .filter(entry -> entry.startsWith("0::"))
                .filter(entry -> entry.length() > 4 || lines.size() == 1)
                .findFirst()
                .orElse(lines.isEmpty() ? "" : lines.getFirst());
        return line.substring(line.lastIndexOf(':') + 1);
    }

    private static Optional<String> container(String cgroup) {
        Matcher id = CONTAINER.matcher(cgroup);
        return id.find() ? Optional.of(id.group()) : Optional.empty();
    }

    private Optional<String> sha256(Process process) {
        if (process.executable().isEmpty()) {
            return Optional.empty();
        }
        Path file = host.path("/proc/" + process.pid() + "/exe");
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            Object identity = identity(attributes);
            String known = hashes.get(identity);
            if (known != null) {
                return Optional.of(known);
            }
            if (attributes.size() > LARGEST_HASHED || hashed + attributes.size() > MOST_HASHED) {
                return Optional.empty();
            }
            hashed += attributes.size();
            String digest = digest(file);
            hashes.put(identity, digest);
            return Optional.of(digest);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// The same for two links to one file; something of its own when the file cannot be looked at.
    public static Object identity(Path file) {
        try {
            return identity(Files.readAttributes(file, BasicFileAttributes.class));
        } catch (IOException e) {
            return file;
        }
    }

    private static Object identity(BasicFileAttributes attributes) {
        return List.of(String.valueOf(attributes.fileKey()), attributes.lastModifiedTime());
    }

    private String digest(Path file) throws IOException {
        MessageDigest digest = Digest.sha256();
        byte[] buffer = new byte[1 << 16];
        long size = 0;
        try (InputStream in = Files.newInputStream(file)) {
            for (int count = in.read(buffer); count >= 0 && size <= LARGEST_HASHED; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
                size += count;
            }
        }
        host.read(size);
        return Digest.finish(digest).hex();
    }
}
