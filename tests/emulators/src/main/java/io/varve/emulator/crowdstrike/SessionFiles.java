package io.varve.emulator.crowdstrike;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.device.Snapshot;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// The files `get` brought, per session: rows that progress, then 7z archives to download.
final class SessionFiles {
    private final Clock clock;
    private final Settings settings;
    private final Sessions sessions;
    private final Path folder;
    private final List<SessionFile> files = new CopyOnWriteArrayList<>();
    private final List<Damage> damages = new CopyOnWriteArrayList<>();

    private record Damage(String path, AtomicInteger left) {}

    SessionFiles(Clock clock, Settings settings, Sessions sessions, Path folder) {
        this.clock = clock;
        this.settings = settings;
        this.sessions = sessions;
        this.folder = folder;
    }

    List<SessionFile> all() {
        return List.copyOf(files);
    }

    /// The next downloads of files whose path contains the text carry one wrong byte.
    void damage(int times, String path) {
        damages.add(new Damage(path, new AtomicInteger(times)));
    }

    /// False when it is larger than the limit.
    boolean add(String session, String cloudRequest, String name, InputStream in) throws IOException {
        Path copy = Files.createTempFile(folder, "get-", "");
        try (var digest = new DigestInputStream(in, Snapshot.sha256());
                OutputStream out = Files.newOutputStream(copy)) {
            byte[] buffer = new byte[1 << 16];
            long size = 0;
            for (int read = digest.read(buffer); read >= 0; read = digest.read(buffer)) {
                size += read;
                if (size > settings.largestGet()) {
                    Files.delete(copy);
                    return false;
                }
                out.write(buffer, 0, read);
            }
            String sha256 = HexFormat.of().formatHex(digest.getMessageDigest().digest());
            files.add(new SessionFile(session, cloudRequest, name, sha256, size, copy, clock.instant()));
            return true;
        }
    }

    Response list(Call call) {
        String session = call.query("session_id").orElse("");
        Optional<Session> owner = sessions.owned(session, call.caller());
        if (owner.isEmpty()) {
            return Envelope.error(404, 404, "Session not found");
        }
        boolean online = owner.get().host.online();
        return Envelope.resources(
                200,
                files.stream()
                        .filter(file -> file.session().equals(session))
                        .map(file -> online ? file.look(settings.rowPolls()) : file.stalled(settings.rowPolls()))
                        .toList());
    }

    Optional<ObjectNode> row(String cloudRequest) {
        return files.stream()
                .filter(file -> file.cloudRequest().equals(cloudRequest))
                .findFirst()
                .map(file -> file.look(settings.rowPolls()));
    }

    Response contents(Call call) throws IOException {
        String session = call.query("session_id").orElse("");
        String sha256 = call.query("sha256").orElse("");
        Optional<SessionFile> file = files.stream()
                .filter(one -> one.session().equals(session) && one.sha256().equals(sha256))
                .findFirst();
        if (file.isEmpty() || sessions.owned(session, call.caller()).isEmpty()) {
            return Envelope.error(404, 404, "File not found");
        }
        if (file.get().failsNow(settings.downloadFailures())) {
            return Envelope.error(404, 404, "File is not ready");
        }
        String inner = call.query("filename").orElse(Path.of(file.get().name()).getFileName() + "");
        Path archive = damaged(file.get())
                ? file.get().damagedArchive(inner, folder)
                : file.get().archive(inner, folder);
        return Response.file(200, "application/x-7z-compressed", archive);
    }

    private boolean damaged(SessionFile file) {
        return damages.stream()
                .anyMatch(damage -> file.name().contains(damage.path) && damage.left.getAndDecrement() > 0);
    }

    Response delete(Call call) throws IOException {
        String session = call.query("session_id").orElse("");
        List<String> ids = call.request().queries("ids");
        List<SessionFile> gone = files.stream()
                .filter(file -> file.session().equals(session) && ids.contains(file.id()))
                .toList();
        if (gone.isEmpty() || sessions.owned(session, call.caller()).isEmpty()) {
            return Envelope.error(404, 404, "File not found");
        }
        files.removeAll(gone);
        for (SessionFile file : gone) {
            file.removeCopies();
        }
        return Response.empty(204);
    }
}
