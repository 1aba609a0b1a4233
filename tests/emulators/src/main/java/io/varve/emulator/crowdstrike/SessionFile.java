package io.varve.emulator.crowdstrike;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/// A file that `get` brought into the cloud.
public final class SessionFile {
    private static final String PASSWORD = "infected";

    private final String id = Ids.uuid();
    private final String session;
    private final String cloudRequest;
    private final String name;
    private final String sha256;
    private final long size;
    private final Path copy;
    private final Instant created;
    private final Map<String, Path> archives = new HashMap<>();
    private int looks;
    private int downloads;

    SessionFile(
            String session, String cloudRequest, String name, String sha256, long size, Path copy, Instant created) {
        this.session = session;
        this.cloudRequest = cloudRequest;
        this.name = name;
        this.sha256 = sha256;
        this.size = size;
        this.copy = copy;
        this.created = created;
    }

    public String id() {
        return id;
    }

    public String name() {
        return name;
    }

    public String sha256() {
        return sha256;
    }

    String session() {
        return session;
    }

    String cloudRequest() {
        return cloudRequest;
    }

    /// The row, and it gets on.
    ///
    /// @param needed looks until it is complete
    synchronized ObjectNode look(int needed) {
        ObjectNode row = stalled(needed);
        looks++;
        return row;
    }

    /// The row of a file whose host cannot send more of it now.
    synchronized ObjectNode stalled(int needed) {
        boolean complete = looks >= needed;
        double progress = complete ? 1.0 : (double) looks / needed;
        ObjectNode json = Envelope.JSON
                .objectNode()
                .put("id", id)
                .put("cloud_request_id", cloudRequest)
                .put("session_id", session)
                .put("name", name)
                .put("sha256", complete ? sha256 : "")
                .put("size", complete ? size : 0)
                .put("complete", complete)
                .put("progress", progress)
                .put("stage", complete ? "CLOUD" : "SENSOR")
                .put("status", complete ? "SUCCESS" : "RUNNING")
                .put("error_message", "")
                .put("created_at", created.toString())
                .put("updated_at", created.toString());
        json.putNull("deleted_at");
        return json;
    }

    /// Its bytes in a 7z archive, made once for each name inside.
    synchronized Path archive(String inner, Path folder) throws IOException {
        Path ready = archives.get(inner);
        if (ready == null) {
            ready = Files.createTempFile(folder, "contents-", ".7z");
            SevenZip.write(copy, inner, PASSWORD, ready);
            archives.put(inner, ready);
        }
        return ready;
    }

    /// A sound archive of bytes of which one is wrong.
    synchronized Path damagedArchive(String inner, Path folder) throws IOException {
        Path wrong = Files.copy(copy, folder.resolve("wrong-" + UUID.randomUUID()));
        try (FileChannel bytes = FileChannel.open(wrong, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long middle = size / 2;
            ByteBuffer one = ByteBuffer.allocate(1);
            bytes.read(one, middle);
            one.flip();
            one.put(0, (byte) (one.get(0) ^ 0x55));
            bytes.write(one, middle);
        }
        Path archive = Files.createTempFile(folder, "contents-", ".7z");
        SevenZip.write(wrong, inner, PASSWORD, archive);
        Files.delete(wrong);
        return archive;
    }

    synchronized void removeCopies() throws IOException {
        Files.deleteIfExists(copy);
        for (Path archive : archives.values()) {
            Files.deleteIfExists(archive);
        }
        archives.clear();
    }

    /// Counts a download; whether it is one of the first that fail.
    synchronized boolean failsNow(int failures) {
        return downloads++ < failures;
    }
}
