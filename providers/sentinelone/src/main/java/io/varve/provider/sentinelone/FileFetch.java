package io.varve.provider.sentinelone;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.Channel.Arrival;
import io.varve.provider.collector.Channel.RemoteFile;
import io.varve.provider.collector.Platform;
import io.varve.provider.sentinelone.Kept.Order;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import net.lingala.zip4j.model.FileHeader;

/// The console's own fetching of files: up to 10 MB a command, brought as a zip that stays with the vendor for three
/// days. It needs no script and no way from the host to the vendor's object storage.
///
/// A command is told from others on the same agent by the batch of its activity (81), which the upload's activity (80)
/// names again.
final class FileFetch {
    static final String WHAT = "files";

    private static final String ASKED = "81";
    private static final String UPLOADED = "80";
    private static final int NEWEST = 100;
    private static final long LARGEST_ZIP = 1L << 30;
    private static final Map<String, ReentrantLock> ASKING = new ConcurrentHashMap<>();

    private final Site site;

    FileFetch(Site site) {
        this.site = site;
    }

    void fetch(List<RemoteFile> files, Arrival arrival) throws ProviderException, InterruptedException, IOException {
        List<RemoteFile> left = new ArrayList<>(files);
        for (Order order : site.kept().open()) {
            List<RemoteFile> held = left.stream()
                    .filter(file -> order.paths().contains(file.path()))
                    .toList();
            if (order.what().equals(WHAT) && !held.isEmpty()) {
                bring(order, held, arrival);
                left.removeAll(held);
            }
        }
        for (List<RemoteFile> batch : batches(left)) {
            site.online("no files are asked for");
            bring(site.kept().keep(ask(batch)), batch, arrival);
        }
    }

    /// Files that fit into one command together; one whose size is not known goes alone.
    private List<List<RemoteFile>> batches(List<RemoteFile> files) throws ProviderException {
        var batches = new ArrayList<List<RemoteFile>>();
        long size = Long.MAX_VALUE / 2;
        for (RemoteFile file : files) {
            if (file.size() > site.settings().fetchSize()) {
                throw new ProviderException(
                        Kind.NOT_FOUND,
                        "%s has %d bytes: SentinelOne fetches %d at most"
                                .formatted(
                                        file.path(),
                                        file.size(),
                                        site.settings().fetchSize()));
            }
            long weight = file.size() == 0 ? site.settings().fetchSize() : file.size();
            if (size + weight > site.settings().fetchSize()) {
                batches.add(new ArrayList<>());
                size = 0;
            }
            batches.getLast().add(file);
            size += weight;
        }
        return batches;
    }

    private Order ask(List<RemoteFile> batch) throws ProviderException, InterruptedException {
        ReentrantLock lock = ASKING.computeIfAbsent(site.host().id(), any -> new ReentrantLock());
        lock.lockInterruptibly();
        try {
            Set<String> before = new HashSet<>();
            activities(ASKED).forEach(one -> before.add(one.path("id").asText()));
            List<String> paths = paths(batch);
            var order = new Order(0, UUID.randomUUID().toString(), "", WHAT, paths);
            site.client()
                    .post(
                            Right.FILE_FETCH,
                            "/agents/%s/actions/fetch-files"
                                    .formatted(site.host().id()),
                            Map.of("data", Map.of("files", paths, "password", site.password(order))));
            return order.as(0, batchOf(before, paths));
        } finally {
            lock.unlock();
        }
    }

    /// What is asked for: the files, and with one that may not be there a small one that every host has, so that an
    /// upload comes in any case and tells what is missing.
    private List<String> paths(List<RemoteFile> batch) {
        var paths = new ArrayList<>(batch.stream().map(RemoteFile::path).toList());
        boolean windows = site.host().platform().equals(Optional.of(Platform.WINDOWS));
        String sure = windows ? "C:\\Windows\\System32\\drivers\\etc\\hosts" : "/etc/hosts";
        if (batch.stream().anyMatch(file -> file.size() == 0) && !paths.contains(sure)) {
            paths.add(sure);
        }
        return List.copyOf(paths);
    }

    private String batchOf(Set<String> before, List<String> paths) throws ProviderException, InterruptedException {
        Instant since = site.client().clock().instant();
        while (true) {
            for (JsonNode activity : activities(ASKED)) {
                String batch = activity.path("data").path("commandBatchUuid").asText("");
                if (!before.contains(activity.path("id").asText()) && batch.matches("[0-9A-Za-z-]{8,64}")) {
                    site.custody(
                            "channel.fetch",
                            "fetch-files on agent %s, activity %s, batch %s: %s"
                                    .formatted(
                                            site.host().id(),
                                            activity.path("id").asText(),
                                            batch,
                                            String.join(" ", paths)));
                    return batch;
                }
            }
            if (site.outOfPatience(since)) {
                throw new ProviderException(
                        Kind.FAILED,
                        "SentinelOne took a file fetch and shows no activity of it",
                        Optional.of(Site.TRY_AGAIN));
            }
            site.pause();
        }
    }

    private List<JsonNode> activities(String type) throws ProviderException, InterruptedException {
        var query = new LinkedHashMap<String, String>();
        query.put("agentIds", site.host().id());
        query.put("activityTypes", type);
        query.put("sortBy", "createdAt");
        query.put("sortOrder", "desc");
        query.put("limit", Integer.toString(NEWEST));
        return site.client().rows(Right.ACTIVITIES, "/activities", query, NEWEST);
    }

    private void bring(Order order, List<RemoteFile> files, Arrival arrival)
            throws ProviderException, InterruptedException, IOException {
        Path folder = site.context().scratch();
        Path zip = folder.resolve("fetched.zip");
        try {
            JsonNode upload = uploaded(order);
            download(order, upload, zip);
            hand(order, zip, files, arrival);
            site.kept().close(order, "brought");
        } finally {
            Files.deleteIfExists(zip);
            Files.deleteIfExists(folder);
        }
    }

    private JsonNode uploaded(Order order) throws ProviderException, InterruptedException {
        Instant since = site.client().clock().instant();
        while (true) {
            for (JsonNode activity : activities(UPLOADED)) {
                if (activity.path("data").path("commandBatchUuid").asText("").equals(order.id())) {
                    return activity;
                }
            }
            site.proceed();
            site.online("its files wait at the console as batch " + order.id());
            if (site.outOfPatience(since)) {
                site.kept().close(order, "nothing came");
                throw new ProviderException(
                        Kind.NOT_FOUND,
                        "SentinelOne brought nothing for %s within %d minutes: the file is not there, or is larger than its limit of 10 MB"
                                .formatted(
                                        String.join(" ", order.paths()),
                                        site.settings().patience().toMinutes()));
            }
            site.pause();
        }
    }

    private void download(Order order, JsonNode activity, Path zip) throws ProviderException, InterruptedException {
        String id = activity.path("id").asText("");
        if (!SentinelOne.id(id)) {
            throw new ProviderException(Kind.FAILED, "SentinelOne lists an upload without an id");
        }
        try {
            String path = "/agents/%s/uploads/%s".formatted(site.host().id(), id);
            site.client().download(Right.FILE_FETCH, path, zip, LARGEST_ZIP);
            site.custody(
                    "channel.upload",
                    "activity %s, batch %s, %,d bytes"
                            .formatted(id, order.id(), zip.toFile().length()));
        } catch (ProviderException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                site.kept().close(order, "gone");
                throw new ProviderException(
                        Kind.FAILED,
                        "SentinelOne has removed the fetched files already (kept three days, thirty of them): they are asked for again",
                        Optional.of(Site.TRY_AGAIN));
            }
            throw e;
        }
    }

    private void hand(Order order, Path zip, List<RemoteFile> files, Arrival arrival)
            throws ProviderException, InterruptedException, IOException {
        try (ResultZip result = ResultZip.open(zip, site.password(order))) {
            for (RemoteFile file : files) {
                Optional<FileHeader> member = result.member(file.path());
                if (member.isEmpty()) {
                    throw missing(order, file);
                }
                Path local = zip.resolveSibling("file");
                try {
                    result.extract(member.get(), local, file.size() > 0 ? file.size() + 1 : LARGEST_ZIP);
                    arrival.arrived(file, local);
                } finally {
                    Files.deleteIfExists(local);
                }
            }
        } catch (ProviderException e) {
            if (e.kind() == Kind.FAILED) {
                site.kept().close(order, "unusable");
            }
            throw e;
        }
    }

    private ProviderException missing(Order order, RemoteFile file) throws ProviderException {
        site.kept().close(order, "without " + file.path());
        return new ProviderException(
                Kind.NOT_FOUND, "SentinelOne brought no %s: it is not there".formatted(file.path()));
    }
}
