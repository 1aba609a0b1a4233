package io.varve.provider.crowdstrike;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.evidence.Digest;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.Channel.RemoteFile;
import io.varve.provider.http.Answer;
import io.varve.provider.http.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/// Files that `get` brought from a host into CrowdStrike's cloud, on their way here.
final class SessionFiles {
    private static final String BASE = "/real-time-response/entities/";
    private static final Duration GET = Duration.ofMinutes(5);
    private static final Duration POLL = Duration.ofSeconds(2);
    /// Without any progress for so long, the host is taken for offline.
    private static final Duration STALLED = Duration.ofMinutes(10);

    private static final Duration TRY_AGAIN = Duration.ofSeconds(30);
    /// The cloud may still be putting a file together when its row says it is complete.
    private static final int MOST_NOT_READY = 10;

    private static final int MOST_DAMAGED = 3;
    /// Largest file `get` brings, by common belief.
    private static final long LARGEST = 4L << 30;

    private final RtrSession session;
    private final CrowdStrike falcon;

    SessionFiles(RtrSession session, CrowdStrike falcon) {
        this.session = session;
        this.falcon = falcon;
    }

    /// A file that is on its way into the cloud.
    record Request(RemoteFile file, String session, String id) {}

    /// A file in the cloud.
    record Row(String id, String session, String name, Digest sha256, long size) {}

    /// Has these files brought into the cloud; returns before they are there.
    List<Request> request(List<RemoteFile> files) throws ProviderException, InterruptedException {
        return session.together(commands -> {
            var requests = new ArrayList<Request>();
            for (RemoteFile file : files) {
                if (!RtrCommand.speakable(file.path())) {
                    throw new ProviderException(
                            Kind.REFUSED, "no command can name the file " + CrowdStrike.plain(file.path(), 300));
                }
                RtrCommand get = RtrCommand.fetch(file.path());
                Rtr.Asked asked = commands.ask(get, GET);
                if (!asked.output().stderr().isBlank()) {
                    throw notThere(file, asked.output().stderr());
                }
                requests.add(new Request(file, commands.session(), asked.request()));
            }
            return requests;
        });
    }

    private static ProviderException notThere(RemoteFile file, String stderr) {
        String said = CrowdStrike.plain(stderr, 300);
        String low = said.toLowerCase(Locale.ROOT);
        boolean absent = low.contains("not found")
                || low.contains("no such")
                || low.contains("cannot find")
                || low.contains("could not find");
        return new ProviderException(
                absent ? Kind.NOT_FOUND : Kind.FAILED,
                "get %s: %s".formatted(CrowdStrike.plain(file.path(), 300), said),
                absent ? Optional.empty() : Optional.of(TRY_AGAIN));
    }

    /// Waits until the file is whole in the cloud.
    Row arrived(Request request) throws ProviderException, InterruptedException, SessionLostException {
        Instant moved = falcon.clock().instant();
        double progress = -1;
        while (true) {
            JsonNode row = row(request).orElse(CrowdStrike.JSON.createObjectNode());
            String error = row.path("error_message").asText("");
            if (!error.isBlank()) {
                throw new ProviderException(
                        Kind.FAILED,
                        "get %s: %s"
                                .formatted(CrowdStrike.plain(request.file.path(), 300), CrowdStrike.plain(error, 300)),
                        Optional.of(TRY_AGAIN));
            }
            if (row.path("complete").asBoolean(false)) {
                return complete(request, row);
            }
            double now = row.path("progress").asDouble(-1);
            Instant time = falcon.clock().instant();
            if (now > progress) {
                progress = now;
                moved = time;
            } else if (!time.isBefore(moved.plus(STALLED))) {
                throw new ProviderException(
                        Kind.OFFLINE,
                        "%s stopped arriving from the host".formatted(CrowdStrike.plain(request.file.path(), 300)),
                        Optional.of(TRY_AGAIN));
            }
            falcon.pass(POLL);
            session.touch();
        }
    }

    private Optional<JsonNode> row(Request request)
            throws ProviderException, InterruptedException, SessionLostException {
        for (JsonNode row : rows(request.session)) {
            if (row.path("cloud_request_id").asText("").equals(request.id)) {
                return Optional.of(row);
            }
        }
        return Optional.empty();
    }

    private JsonNode rows(String sessionId) throws ProviderException, InterruptedException, SessionLostException {
        Call call = Call.read(falcon.uri(BASE + "file/v2", "session_id", sessionId));
        return Rtr.found(falcon.answer(Scope.RTR_WRITE, call), "listing the session's files")
                .path("resources");
    }

    private static Row complete(Request request, JsonNode row) throws ProviderException {
        String sha256 = row.path("sha256").asText("").toLowerCase(Locale.ROOT);
        long size = row.path("size").asLong(-1);
        long most = request.file.size() == 0 ? LARGEST : Math.max(1 << 20, 2 * request.file.size());
        if (!sha256.matches("[0-9a-f]{64}") || size < 0 || size > most) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "CrowdStrike's row of %s has no digest or an impossible size of %d bytes"
                            .formatted(CrowdStrike.plain(request.file.path(), 300), size));
        }
        return new Row(
                row.path("id").asText(""),
                request.session,
                row.path("name").asText(request.file.path()),
                new Digest(sha256),
                size);
    }

    /// Brings the file here and takes it out of its wrapping; checked against the row's digest, and
    /// brought again when it is damaged.
    ///
    /// @return below `folder`
    Path download(Row row, Path folder)
            throws ProviderException, InterruptedException, SessionLostException, IOException {
        Path archive = folder.resolve("rtr-" + row.id.replaceAll("[^A-Za-z0-9-]", "") + ".7z");
        Path file = folder.resolve(archive.getFileName() + ".file");
        String damage = "";
        for (int i = 0; i < MOST_DAMAGED; i++) {
            try {
                fetch(row, archive);
                Digest unpacked = SevenZip.unpack(archive, file, row.size);
                if (unpacked.equals(row.sha256)) {
                    return file;
                }
                damage = "its SHA-256 is %s instead of %s".formatted(unpacked, row.sha256);
            } catch (IOException e) {
                damage = String.valueOf(e.getMessage());
            } finally {
                Files.deleteIfExists(archive);
            }
        }
        Files.deleteIfExists(file);
        throw new ProviderException(
                Kind.REFUSED,
                "%s arrived damaged %d times from CrowdStrike: %s"
                        .formatted(CrowdStrike.plain(row.name, 300), MOST_DAMAGED, CrowdStrike.plain(damage, 300)));
    }

    private void fetch(Row row, Path archive) throws ProviderException, InterruptedException, SessionLostException {
        for (int i = 1; ; i++) {
            Call call = Call.read(falcon.uri(
                            BASE + "extracted-file-contents/v1",
                            "session_id",
                            row.session,
                            "sha256",
                            row.sha256.toString(),
                            "filename",
                            inner(row.name)))
                    .header("Accept", "application/x-7z-compressed")
                    .within(Duration.ofHours(1));
            Answer answer = falcon.download(Scope.RTR_WRITE, call, archive, row.size + row.size / 8 + (1 << 20));
            if (answer.good()) {
                return;
            }
            boolean later = answer.status() == 404 || answer.status() == 409 || answer.status() >= 500;
            if (!later || i == MOST_NOT_READY) {
                Rtr.found(answer, "downloading " + CrowdStrike.plain(row.name, 300));
            }
            falcon.pass(POLL);
            session.touch();
        }
    }

    /// Name for the file inside the archive; we choose it and do not use it as a path.
    private static String inner(String name) {
        String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        String plain = last.replaceAll("[^A-Za-z0-9._-]", "_");
        return plain.isEmpty() || plain.startsWith(".") ? "file" + plain : plain;
    }

    /// Takes a file out of the cloud. True when it is gone.
    boolean delete(Row row) throws ProviderException, InterruptedException {
        return delete(row.session, row.id);
    }

    private boolean delete(String sessionId, String id) throws ProviderException, InterruptedException {
        Call call = Call.delete(falcon.uri(BASE + "file/v2", "ids", id, "session_id", sessionId));
        Answer answer = falcon.answer(Scope.RTR_WRITE, call);
        return answer.good() || answer.status() == 404;
    }

    /// Takes all files of a session out of the cloud whose path is ours.
    ///
    /// @return how many of them were there and are gone now
    int purge(String sessionId, Predicate<String> path) throws ProviderException, InterruptedException {
        int gone = 0;
        try {
            for (JsonNode row : rows(sessionId)) {
                boolean there = row.path("deleted_at").asText("").isEmpty();
                if (there
                        && path.test(row.path("name").asText(""))
                        && delete(sessionId, row.path("id").asText(""))) {
                    gone++;
                }
            }
        } catch (SessionLostException e) {
            // a session the cloud does not know has no files
        }
        return gone;
    }
}
