package io.varve.disk.filesystem.sleuthkit;

import io.varve.disk.Entry.Times;
import io.varve.disk.Entry.Type;
import io.varve.disk.Problems;
import io.varve.disk.filesystem.FileSystem;
import io.varve.disk.filesystem.Node;
import io.varve.event.EventTime;
import io.varve.event.Precision;
import io.varve.event.ZoneSource;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;

/// A file system that libtsk reads in a [SleuthKitProcess].
final class SleuthKitFileSystem implements FileSystem {
    private static final int MOST_IN_ONE_FOLDER = 10_000_000;

    private final SleuthKitProcess process;
    private final String type;
    private final Optional<String> label;
    private final long root;
    private final long last;
    private final Optional<ExfatZones> zones;

    /// @param label its name where several share the volume
    SleuthKitFileSystem(
            SleuthKitProcess process,
            String type,
            Optional<String> label,
            long root,
            long last,
            Optional<ExfatZones> zones) {
        this.process = process;
        this.type = type;
        this.label = label;
        this.root = root;
        this.last = last;
        this.zones = zones;
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public Optional<String> label() {
        return label;
    }

    @Override
    public boolean shared() {
        return label.isPresent();
    }

    @Override
    public Node root() {
        return folder("", root);
    }

    private Node folder(String name, long address) {
        return new SleuthKitNode(
                this,
                name,
                address,
                true,
                Type.DIRECTORY,
                0,
                OptionalInt.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Times.NONE,
                1,
                Optional.empty(),
                List.of());
    }

    @Override
    public void list(Node folder, Consumer<Node> names, Problems problems) throws IOException {
        DataInputStream answer = process.ask(Request.LIST, out -> out.writeLong(folder.inode()));
        entries(answer, folder.inode(), MOST_IN_ONE_FOLDER, names, problems);
    }

    /// Takes apart what [SleuthKitChild] answers.
    void entries(DataInputStream answer, long folder, int most, Consumer<Node> names, Problems problems)
            throws IOException {
        int lost = answer.readInt();
        String reason = answer.readUTF();
        if (lost > 0) {
            problems.lost(
                    OptionalLong.empty(),
                    "The Sleuth Kit: %d names in folder %d cannot be read: %s".formatted(lost, folder, reason));
        }
        for (int count = 0; answer.available() > 0; count++) {
            if (count == most) {
                problems.lost(
                        OptionalLong.empty(),
                        "limit: folder %d holds more than %d names, the rest is left out".formatted(folder, most));
                return;
            }
            SleuthKitNode.read(answer, this).ifPresent(names);
        }
    }

    /// libtsk keeps what no folder names in a folder of its own making, whose address is the last one.
    @Override
    public void orphans(Consumer<Node> names, Problems problems) throws IOException {
        if (type.equals("iso9660") || type.startsWith("hfs") || type.equals("apfs")) {
            return;
        }
        list(folder("", last), names, problems);
    }

    byte[] content(long address, int attribute, int id, long offset, int length) throws IOException {
        return process.ask(Request.READ, out -> {
                    out.writeLong(address);
                    out.writeInt(attribute);
                    out.writeInt(id);
                    out.writeLong(offset);
                    out.writeInt(length);
                })
                .readAllBytes();
    }

    /// @param kind 0 modified, 1 accessed, 2 changed, 3 created
    Optional<EventTime> time(int kind, long seconds, int nanos) {
        if (seconds == 0 && nanos == 0 || nanos < 0 || nanos > 999_999_999) {
            return Optional.empty();
        }
        Precision precision = switch (type) {
            case "fat12", "fat16", "fat32" ->
                kind == 0 ? Precision.TWO_SECONDS : kind == 1 ? Precision.DAY : Precision.MILLISECOND;
            case "exfat" -> kind == 1 ? Precision.TWO_SECONDS : Precision.MILLISECOND;
            case "apfs" -> Precision.NANOSECOND;
            default -> Precision.SECOND;
        };
        return Optional.of(new EventTime(
                seconds,
                nanos,
                precision,
                type.startsWith("fat") ? ZoneSource.ASSUMED : ZoneSource.UTC,
                Optional.empty(),
                false));
    }

    Times corrected(long address, Times times) {
        return zones.map(z -> z.corrected(address, times)).orElse(times);
    }

    @Override
    public void close() {
        process.close();
    }
}
