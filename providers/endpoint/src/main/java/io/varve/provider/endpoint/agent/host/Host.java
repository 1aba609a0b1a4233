package io.varve.provider.endpoint.agent.host;

import io.varve.provider.endpoint.protocol.HostFacts;
import java.io.IOException;
import java.io.InputStream;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/// The host that is captured, as its root folder shows it; `/` in earnest, another folder in tests or for a mounted
/// disk.
public final class Host {
    private static final int LARGEST_TEXT = 1 << 22;

    private final Path root;
    private final AtomicLong filesRead = new AtomicLong();
    private final AtomicLong bytesRead = new AtomicLong();
    private final Map<Long, String> users = new HashMap<>();

    public Host(Path root) {
        this.root = root.toAbsolutePath().normalize();
        for (String line : lines("/etc/passwd")) {
            String[] fields = line.split(":", -1);
            if (fields.length > 2 && fields[2].matches("[0-9]{1,10}")) {
                users.putIfAbsent(Long.parseLong(fields[2]), fields[0]);
            }
        }
    }

    public Path root() {
        return root;
    }

    /// Where a path of the host is for us.
    public Path path(String absolute) {
        return root.resolve(absolute.substring(1));
    }

    /// A path as the host knows it, in text.
    public String name(Path path) {
        byte[] bytes = Names.bytes(path);
        int skip = root.getNameCount() == 0 ? 0 : Names.bytes(root).length;
        String name = Names.text(java.util.Arrays.copyOfRange(bytes, skip, bytes.length));
        return name.isEmpty() ? "/" : name;
    }

    public Optional<String> user(long uid) {
        return Optional.ofNullable(users.get(uid));
    }

    /// Content of a small file; empty when it cannot be read.
    public Optional<byte[]> bytes(Path path) {
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(LARGEST_TEXT);
            read(bytes.length);
            return Optional.of(bytes);
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    public Optional<String> text(Path path) {
        return bytes(path).map(Names::text).map(text -> text.replace("%25", "%"));
    }

    public List<String> lines(String absolute) {
        return text(path(absolute)).map(text -> text.lines().toList()).orElse(List.of());
    }

    /// Where a link points to; empty when it cannot be read.
    public Optional<String> link(Path path) {
        try {
            return Optional.of(Files.readSymbolicLink(path).toString());
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    public boolean exists(String absolute) {
        return Files.exists(path(absolute), LinkOption.NOFOLLOW_LINKS);
    }

    /// Counts one file as read, for the footprint statement.
    public void read(long bytes) {
        filesRead.incrementAndGet();
        bytesRead.addAndGet(bytes);
    }

    public long filesRead() {
        return filesRead.get();
    }

    public long bytesRead() {
        return bytesRead.get();
    }

    public HostFacts facts(String version) {
        String name = first("/proc/sys/kernel/hostname")
                .or(() -> first("/etc/hostname"))
                .orElse("unknown");
        return new HostFacts(
                name,
                fqdn(name),
                first("/etc/machine-id").orElse(""),
                first("/proc/sys/kernel/random/boot_id").orElse(""),
                os(),
                first("/proc/sys/kernel/osrelease").orElse(""),
                zone(),
                addresses(),
                version);
    }

    private Optional<String> first(String absolute) {
        return lines(absolute).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .findFirst();
    }

    /// The name with a dot that `/etc/hosts` gives this host; no question to a name server is asked.
    private String fqdn(String name) {
        if (name.contains(".")) {
            return name;
        }
        return lines("/etc/hosts").stream()
                .map(line -> List.of(line.replaceAll("#.*", "").strip().split("\\s+")))
                .filter(names -> names.contains(name))
                .flatMap(List::stream)
                .filter(candidate -> candidate.startsWith(name + "."))
                .findFirst()
                .orElse("");
    }

    private String os() {
        List<String> release = exists("/etc/os-release") ? lines("/etc/os-release") : lines("/usr/lib/os-release");
        return release.stream()
                .filter(line -> line.startsWith("PRETTY_NAME="))
                .map(line -> line.substring(12).replace("\"", ""))
                .findFirst()
                .orElse("Linux");
    }

    private String zone() {
        Optional<String> named = link(path("/etc/localtime"))
                .filter(target -> target.contains("zoneinfo/"))
                .map(target -> target.substring(target.indexOf("zoneinfo/") + 9));
        return named.or(() -> first("/etc/timezone")).orElse("");
    }

    private List<String> addresses() {
        if (root.getNameCount() > 0) {
            return List.of();
        }
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                    .map(address -> address.getHostAddress().replaceAll("%.*", ""))
                    .toList();
        } catch (SocketException e) {
            return List.of();
        }
    }

    /// NUL-separated text, such as a command line, with spaces between.
    static String spaced(byte[] raw) {
        int end = raw.length;
        while (end > 0 && raw[end - 1] == 0) {
            end--;
        }
        return new String(raw, 0, end, StandardCharsets.UTF_8).replace('\0', ' ');
    }
}
