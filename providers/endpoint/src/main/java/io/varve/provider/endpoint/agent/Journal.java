package io.varve.provider.endpoint.agent;

import io.varve.provider.endpoint.protocol.Json;
import io.varve.provider.endpoint.protocol.Keys;
import io.varve.provider.endpoint.protocol.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the agent must know to go on with a capture after its own restart: one folder per capture in the state folder.
///
/// `order.json` the signed order, `outcomes.jsonl` what became of each path, `part` the newest part until the server
/// has
/// it, `position.json` where the archive goes on after that part. The position is written last, and replaced whole, so
/// it
/// always fits the part; outcomes beyond its count are cut off.
final class Journal {
    private final Path folder;
    private final List<Outcome> unwritten = new ArrayList<>();

    /// Where the archive goes on.
    ///
    /// @param parts the parts made, the last of which may not be with the server yet
    /// @param members members written whole that are not files of the host
    /// @param outcomes lines of the outcomes file that count
    /// @param open the file in the middle of which the last part ends
    /// @param spent bytes of file contents
    /// @param filesRead for the footprint statement, as are `bytesRead` and `restarts`
    record Position(
            Instant started,
            List<Message.Part> parts,
            List<String> members,
            int outcomes,
            Optional<OpenMember> open,
            long spent,
            long filesRead,
            long bytesRead,
            int restarts) {}

    /// A file that is half written.
    ///
    /// @param location where it is opened again
    /// @param size as its header states
    /// @param done bytes written
    /// @param sha256 state of the hash over them
    /// @param reason why not all of it is there, as far as known
    record OpenMember(
            String path,
            byte[] location,
            String artifact,
            long inode,
            long device,
            long size,
            long done,
            byte[] sha256,
            Optional<String> reason) {}

    private Journal(Path folder) {
        this.folder = folder;
    }

    static Journal begin(Path folder, Message.SignedOrder order) throws IOException {
        Keys.privateFolder(folder);
        Keys.write(folder.resolve("order.json"), Json.write(order));
        return new Journal(folder);
    }

    static Journal open(Path folder) {
        return new Journal(folder);
    }

    Message.SignedOrder order() throws IOException {
        return Json.read(Files.readAllBytes(folder.resolve("order.json")), Message.SignedOrder.class);
    }

    Optional<Position> position() throws IOException {
        Path file = folder.resolve("position.json");
        return Files.exists(file) ? Optional.of(Json.read(Files.readAllBytes(file), Position.class)) : Optional.empty();
    }

    /// The outcomes that belong to the position; later ones are removed.
    List<Outcome> outcomes(int count) throws IOException {
        Path file = folder.resolve("outcomes.jsonl");
        if (!Files.exists(file)) {
            return new ArrayList<>();
        }
        List<String> lines = Files.readAllLines(file).stream().limit(count).toList();
        var outcomes = new ArrayList<Outcome>();
        for (String line : lines) {
            outcomes.add(Json.read(line.getBytes(java.nio.charset.StandardCharsets.UTF_8), Outcome.class));
        }
        Files.delete(file);
        append(outcomes);
        return outcomes;
    }

    void add(Outcome outcome) {
        unwritten.add(outcome);
    }

    /// Keeps a part that is about to be sent, and where the archive goes on after it.
    void keep(byte[] part, Position position) throws IOException {
        append(unwritten);
        unwritten.clear();
        Keys.write(part(position.parts().size()), part);
        Keys.write(folder.resolve("position.json"), Json.write(position));
    }

    /// A part that was kept and not yet forgotten.
    byte[] kept(int number) throws IOException {
        return Files.readAllBytes(part(number));
    }

    /// The server has the part.
    void sent(int number) throws IOException {
        Files.deleteIfExists(part(number));
    }

    /// The capture is over.
    void remove() throws IOException {
        try (var files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
        } catch (NoSuchFileException e) {
            return;
        }
        Files.deleteIfExists(folder);
    }

    private Path part(int number) {
        return folder.resolve("part-" + number);
    }

    private void append(List<Outcome> outcomes) throws IOException {
        try (FileChannel channel = FileChannel.open(
                folder.resolve("outcomes.jsonl"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (Outcome outcome : outcomes) {
                byte[] json = Json.write(outcome);
                ByteBuffer line = ByteBuffer.allocate(json.length + 1)
                        .put(json)
                        .put((byte) '\n')
                        .flip();
                while (line.hasRemaining()) {
                    channel.write(line);
                }
            }
            channel.force(true);
        }
    }
}
