package io.varve.provider.sentinelone;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.evidence.Digest;
import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.ContainedCapture;
import io.varve.provider.collector.Platform;
import io.varve.provider.collector.RemoteHost;
import io.varve.provider.sentinelone.Kept.Order;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The file of a host's newest threat, as the agent kept it: the zip of the console, still with its password, so that
/// nothing opens it by accident. Profile `threat-file`.
final class ThreatFile implements ContainedCapture.Way {
    static final String PROFILE = "threat-file";

    /// No secret: it keeps scanners and people from opening the zip unawares. Custody names it.
    private static final String PASSWORD = "Infected-1!";

    private static final Pattern UPLOAD =
            Pattern.compile("(?:/web/api/v2\\.1)?/agents/(\\d{10,25})/uploads/(\\d{10,25})");
    private static final long LARGEST = 1L << 30;

    private final SentinelOne client;
    private final CaptureContext context;

    ThreatFile(SentinelOne client, CaptureContext context) {
        this.client = client;
        this.context = context;
    }

    @Override
    public void capture(RemoteHost host) throws ProviderException, InterruptedException, IOException {
        if (context.step("collected").isPresent()) {
            return;
        }
        Settings settings = Settings.of(client.connection(), host.platform().orElse(Platform.LINUX));
        var site = new Site(client, host, context, settings, new Kept(context));
        Optional<Order> waiting = site.kept().open().stream().findFirst();
        Order order = waiting.isPresent() ? waiting.get() : ask(site);
        String upload = uploaded(site, order);
        Path zip = context.scratch().resolve("threat.zip");
        try {
            client.download(Right.THREAT_FILE, "/agents/%s/uploads/%s".formatted(host.id(), upload), zip, LARGEST);
            store(site, order, upload, zip);
        } finally {
            Files.deleteIfExists(zip);
        }
    }

    private Order ask(Site site) throws ProviderException, InterruptedException {
        var query = new LinkedHashMap<String, String>();
        query.put("agentIds", site.host().id());
        query.put("sortBy", "updatedAt");
        query.put("sortOrder", "desc");
        query.put("limit", "1");
        String threat = client.rows(Right.THREATS, "/threats", query, 1).stream()
                .map(row -> row.path("id").asText(""))
                .filter(SentinelOne::id)
                .findFirst()
                .orElseThrow(() -> new ProviderException(
                        Kind.NOT_FOUND,
                        "SentinelOne has no threat on %s".formatted(site.host().name())));
        List<String> before = new ArrayList<>(uploads(site, threat));
        client.post(
                Right.THREAT_FILE,
                "/threats/fetch-file",
                Map.of("data", Map.of("password", PASSWORD), "filter", Map.of("ids", List.of(threat))));
        site.custody("channel.threat", "the file of threat %s was asked for".formatted(threat));
        return site.kept().keep(new Order(0, UUID.randomUUID().toString(), threat, "threat-file", before));
    }

    /// Ids of the uploads the threat's timeline names, newest last.
    private List<String> uploads(Site site, String threat) throws ProviderException, InterruptedException {
        var uploads = new ArrayList<String>();
        Map<String, String> query = Map.of("sortBy", "createdAt", "sortOrder", "asc");
        for (JsonNode row : client.rows(Right.THREATS, "/threats/%s/timeline".formatted(threat), query, 1000)) {
            Matcher url = UPLOAD.matcher(row.path("data").path("downloadUrl").asText(""));
            if (url.matches() && url.group(1).equals(site.host().id())) {
                uploads.add(url.group(2));
            }
        }
        return uploads;
    }

    private String uploaded(Site site, Order order) throws ProviderException, InterruptedException {
        Instant since = client.clock().instant();
        while (true) {
            List<String> uploads = uploads(site, order.id());
            uploads.removeAll(order.paths());
            if (!uploads.isEmpty()) {
                return uploads.getLast();
            }
            site.proceed();
            site.online("the file of threat %s waits at the console".formatted(order.id()));
            if (site.outOfPatience(since)) {
                throw new ProviderException(
                        Kind.REFUSED,
                        "SentinelOne did not bring the file of threat %s: it may be gone from the host"
                                .formatted(order.id()));
            }
            site.pause();
        }
    }

    private void store(Site site, Order order, String upload, Path zip) throws ProviderException, IOException {
        MessageDigest sha256 = Digest.sha256();
        try (var in = new DigestInputStream(Files.newInputStream(zip), sha256)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        Digest digest = Digest.finish(sha256);
        long size = Files.size(zip);
        try (InputStream in = Files.newInputStream(zip)) {
            context.upload().part(1, 0, digest, in, size);
        }
        site.custody(
                "threat.file",
                "threat %s, upload activity %s, %,d bytes, SHA-256 %s: a zip with the password %s"
                        .formatted(order.id(), upload, size, digest, PASSWORD));
        context.completed("collected", "1 part, %d bytes".formatted(size));
    }
}
