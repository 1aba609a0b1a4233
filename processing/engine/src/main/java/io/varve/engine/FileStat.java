package io.varve.engine;

import io.varve.artefact.EvidenceContext;
import io.varve.disk.Entry;
import io.varve.disk.Entry.Origin;
import io.varve.disk.Entry.Times;
import io.varve.disk.Entry.Type;
import io.varve.event.DataType;
import io.varve.event.EventData;
import io.varve.event.EventTime;
import io.varve.event.Field;
import io.varve.event.RecordLocator;
import io.varve.event.Time;
import io.varve.event.ZoneSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// A name in a file system of a disk with its times; NTFS keeps a second set of four with the name, which programs that
/// set a file's times back do not reach.
@DataType("disk:file:stat")
record FileStat(
        @Time("Content Modification Time") Optional<EventTime> modified,
        @Time("Last Access Time") Optional<EventTime> accessed,
        @Time("Metadata Modification Time") Optional<EventTime> changed,
        @Time("Creation Time") Optional<EventTime> created,
        @Time("Content Modification Time ($FILE_NAME)") Optional<EventTime> nameModified,
        @Time("Last Access Time ($FILE_NAME)") Optional<EventTime> nameAccessed,
        @Time("Metadata Modification Time ($FILE_NAME)") Optional<EventTime> nameChanged,
        @Time("Creation Time ($FILE_NAME)") Optional<EventTime> nameCreated,
        @Field("file.path") String path,
        @Field("file.type") String type,
        @Field("file.size") Optional<Long> size,
        @Field("file.inode") Optional<Long> inode,
        @Field("file.mode") String mode,
        @Field("file.uid") String uid,
        @Field("file.gid") String gid,
        @Field("file.owner") String owner,
        @Field("file.hash.sha256") String sha256,
        @Field("file.target_path") String target,
        @Field("file.setuid") Optional<Boolean> setuid,
        @Field("file.setgid") Optional<Boolean> setgid,
        @Field("file.deleted") Optional<Boolean> deleted,
        @Field("file.file_system") String fileSystem)
        implements EventData {

    static FileStat of(Entry entry, Origin origin, EvidenceContext context, Optional<String> sha256) {
        Times times = zoned(entry.times(), context);
        Times name = origin.nameTimes().orElse(Times.NONE);
        int mode = entry.mode().orElse(0);
        return new FileStat(
                times.modified(),
                times.accessed(),
                times.changed(),
                times.created(),
                name.modified(),
                name.accessed(),
                name.changed(),
                name.created(),
                entry.path(),
                entry.type().name().toLowerCase(Locale.ROOT),
                Optional.of(entry.size()),
                present(entry.inode()),
                entry.mode().isPresent() ? "%04o".formatted(mode) : "",
                text(entry.uid()),
                text(entry.gid()),
                context.user(text(entry.uid())),
                sha256.orElse(""),
                entry.target().orElse(""),
                isProgram(entry, mode, 04000),
                isProgram(entry, mode, 02000),
                origin.allocated() ? Optional.empty() : Optional.of(true),
                origin.fileSystem());
    }

    /// FAT keeps the wall clock's time: it is that of the zone the host is in.
    private static Times zoned(Times times, EvidenceContext context) {
        return new Times(
                times.modified().map(time -> zoned(time, context)),
                times.accessed().map(time -> zoned(time, context)),
                times.changed().map(time -> zoned(time, context)),
                times.created().map(time -> zoned(time, context)));
    }

    private static EventTime zoned(EventTime time, EvidenceContext context) {
        if (time.zoneSource() != ZoneSource.ASSUMED || context.zoneSource() == ZoneSource.ASSUMED) {
            return time;
        }
        long seconds = LocalDateTime.ofEpochSecond(time.seconds(), 0, ZoneOffset.UTC)
                .atZone(context.zone())
                .toEpochSecond();
        return new EventTime(
                seconds, time.nanos(), time.precision(), context.zoneSource(), time.original(), time.inferred());
    }

    /// Named by its metadata address and the times that a change moves: an unchanged file is the same record in the
    /// next
    /// capture, a changed one another.
    RecordLocator locator() {
        return new RecordLocator(
                OptionalLong.empty(),
                "%s-%s-%s-%s".formatted(inode.orElse(-1L), key(modified), key(changed), key(created)));
    }

    private static String key(Optional<EventTime> time) {
        return time.map(t -> t.seconds() + "." + t.nanos()).orElse("");
    }

    private static Optional<Boolean> isProgram(Entry entry, int mode, int bit) {
        return (mode & bit) != 0 && entry.type() == Type.FILE ? Optional.of(true) : Optional.empty();
    }

    private static Optional<Long> present(OptionalLong value) {
        return value.isPresent() ? Optional.of(value.getAsLong()) : Optional.empty();
    }

    private static String text(OptionalLong value) {
        return value.isPresent() ? Long.toString(value.getAsLong()) : "";
    }

    @Override
    public String message() {
        var text = new StringBuilder(path.length() + 80);
        deleted.ifPresent(d -> text.append("deleted "));
        setuid.ifPresent(s -> text.append("setuid "));
        setgid.ifPresent(s -> text.append("setgid "));
        text.append(type).append(' ').append(path);
        if (!target.isEmpty()) {
            text.append(" to ").append(target);
        }
        text.append(" (").append(size.orElse(0L)).append(" bytes");
        if (!mode.isEmpty()) {
            text.append(", mode ").append(mode);
        }
        if (!owner.isEmpty()) {
            text.append(", owner ").append(owner);
        }
        return text.append(')').toString();
    }
}
