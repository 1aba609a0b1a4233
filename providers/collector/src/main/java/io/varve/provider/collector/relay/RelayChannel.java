package io.varve.provider.collector.relay;

import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.Channel;
import io.varve.provider.collector.CollectorScript;
import io.varve.provider.collector.Platform;
import io.varve.provider.collector.relay.HostShell.Ran;
import io.varve.provider.collector.relay.HostText.Sent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// The collector's way to a host that runs what a vendor's agent hands it, with files through a [Relay].
public final class RelayChannel implements Channel {
    private static final String DONE = "varve: done ";
    private static final long LARGEST_ANSWER = 1 << 20;
    private static final long PART_SIZE = 16L << 20;
    private static final int PARTS_AT_ONCE = 8;
    private static final int LONGEST_REASON = 400;
    /// Larger than what a part can be, to see that it is.
    private static final long SLACK = 1 << 16;

    private final HostShell shell;
    private final Relay relay;
    private final CaptureContext context;
    private final Platform platform;
    private final Duration poll;
    private final HostText text;

    public RelayChannel(HostShell shell, Relay relay, CaptureContext context, Platform platform, Duration poll) {
        this.shell = shell;
        this.relay = relay;
        this.context = context;
        this.platform = platform;
        this.poll = poll;
        this.text = new HostText(platform, folder(), relay.headers());
    }

    private String workFolder() {
        return platform == Platform.WINDOWS ? "C:\\Windows\\Temp" : "/var/tmp";
    }

    /// Where the script and its answers lie.
    private String folder() {
        return "%s%svarve-relay-%s".formatted(workFolder(), separator(), context.capture());
    }

    private String separator() {
        return platform == Platform.WINDOWS ? "\\" : "/";
    }

    private String file(String name) {
        return folder() + separator() + name;
    }

    @Override
    public String deliver(CollectorScript script) throws ProviderException, InterruptedException {
        relay.put(script.fileName(), script.content());
        Ran ran = shell.run(text.take(
                script.fileName(), file(script.fileName()), relay.source(script.fileName()), script.sha256()));
        require(ran, script.fileName(), "the collector");
        relay.remove(script.fileName());
        return "%s through %s%s".formatted(folder(), relay.text(), ran.id().isEmpty() ? "" : ", command " + ran.id());
    }

    @Override
    public String run(CollectorScript script, List<String> arguments) throws ProviderException, InterruptedException {
        String name = "answer-" + context.capture();
        relay.remove(name);
        Ran ran =
                shell.run(text.run(file(script.fileName()), arguments, new Sent(name, file(name), relay.target(name))));
        require(ran, name, "the collector's answer");
        try {
            Path local = Files.createTempFile(context.scratch(), "answer", ".txt");
            try {
                relay.fetch(name, local, LARGEST_ANSWER);
                relay.remove(name);
                // PowerShell 5.1 writes UTF-8 with a mark
                return new String(Files.readAllBytes(local), StandardCharsets.UTF_8).replace("\uFEFF", "");
            } finally {
                Files.deleteIfExists(local);
            }
        } catch (IOException e) {
            throw new ProviderException(Kind.FAILED, "the collector's answer cannot be kept: " + e.getMessage());
        }
    }

    @Override
    public void fetch(List<RemoteFile> files, Arrival arrival)
            throws ProviderException, InterruptedException, IOException {
        var sent = new ArrayList<Sent>();
        for (int i = 0; i < files.size(); i++) {
            String name = "part-" + i;
            sent.add(new Sent(name, files.get(i).path(), relay.target(name)));
        }
        Ran ran = shell.run(text.send(sent));
        Path scratch = context.scratch();
        for (int i = 0; i < files.size(); i++) {
            RemoteFile file = files.get(i);
            String name = sent.get(i).name();
            require(ran, name, file.path());
            Path local = Files.createTempFile(scratch, "part", ".gz");
            try {
                relay.fetch(name, local, file.size() + SLACK);
                relay.remove(name);
                arrival.arrived(file, local);
            } finally {
                Files.deleteIfExists(local);
            }
        }
    }

    private static void require(Ran ran, String name, String what) throws ProviderException {
        Set<String> lines = ran.out().lines().map(String::strip).collect(Collectors.toSet());
        if (!lines.contains(DONE + name)) {
            throw new ProviderException(
                    Kind.FAILED,
                    "%s did not come through: %s"
                            .formatted(what, reason(ran.err().isBlank() ? ran.out() : ran.err())));
        }
    }

    /// The host may be in an attacker's hands.
    private static String reason(String said) {
        String plain = said.strip().replaceAll("[^\\x20-\\x7e]+", " ").replaceAll("(?i)https?://\\S+", "(address)");
        return plain.isEmpty()
                ? "the host does not say why"
                : plain.substring(0, Math.min(plain.length(), LONGEST_REASON));
    }

    @Override
    public List<String> remove(CollectorScript script) throws ProviderException, InterruptedException {
        shell.run(text.remove());
        relay.clear();
        return List.of("%s is removed from the host, and nothing of the capture is left in %s"
                .formatted(folder(), relay.text()));
    }

    @Override
    public Terms terms() {
        return new Terms(workFolder(), PART_SIZE, PARTS_AT_ONCE, poll);
    }

    /// Each command stands for itself.
    @Override
    public void close() {}
}
