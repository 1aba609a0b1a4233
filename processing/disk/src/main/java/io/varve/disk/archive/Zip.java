package io.varve.disk.archive;

import io.varve.binary.Bytes;
import io.varve.disk.BytesChannel;
import io.varve.disk.Entry.Times;
import io.varve.disk.Entry.Type;
import io.varve.disk.Names;
import io.varve.disk.Scratch;
import io.varve.disk.Scratch.Allowance;
import io.varve.disk.Scratch.Expanded;
import io.varve.disk.Slice;
import io.varve.event.EventTime;
import io.varve.event.Precision;
import io.varve.event.ZoneSource;
import java.io.IOException;
import java.io.InputStream;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import org.apache.commons.compress.archivers.zip.X000A_NTFS;
import org.apache.commons.compress.archivers.zip.X5455_ExtendedTimestamp;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.archivers.zip.ZipMethod;
import org.jspecify.annotations.Nullable;

/// Zip, by its central directory; one without is read from the front as [ZipStream] does. Stored members are slices of
/// the archive, compressed ones are expanded when opened.
final class Zip implements Archive {
    private final Bytes bytes;
    private final ZipFile zip;
    private final Scratch scratch;
    private final Allowance allowance;
    private final List<ZipArchiveEntry> entries;
    private final List<Member> members = new ArrayList<>();
    private final List<Damage> damages = new ArrayList<>();

    private Zip(Bytes bytes, ZipFile zip, Scratch scratch, Allowance allowance) {
        this.bytes = bytes;
        this.zip = zip;
        this.scratch = scratch;
        this.allowance = allowance;
        this.entries = Collections.list(zip.getEntries());
        for (ZipArchiveEntry entry : entries) {
            if (members.size() >= MEMBERS) {
                damages.add(Damage.of("limit: more than %d members".formatted(MEMBERS)));
                break;
            }
            members.add(member(members.size(), entry));
        }
    }

    static Archive open(Bytes bytes, Scratch scratch, Allowance allowance) throws IOException {
        ZipFile zip;
        try {
            zip = ZipFile.builder()
                    .setSeekableByteChannel(new BytesChannel(bytes))
                    .setCharset("UTF-8")
                    .get();
        } catch (IOException | RuntimeException e) {
            return ZipStream.open(bytes, scratch, allowance, Scratch.reason(e));
        }
        return new Zip(bytes, zip, scratch, allowance);
    }

    static Member member(int index, ZipArchiveEntry entry) {
        byte[] raw = entry.getRawName();
        String name =
                raw == null || entry.getGeneralPurposeBit().usesUTF8ForNames() ? entry.getName() : Names.text(raw);
        Type type = entry.isDirectory() ? Type.DIRECTORY : entry.isUnixSymlink() ? Type.LINK : Type.FILE;
        int mode = entry.getUnixMode() & 07777;
        return new Member(
                index,
                Names.member(name),
                type,
                Math.max(0, entry.getSize()),
                mode == 0 ? OptionalInt.empty() : OptionalInt.of(mode),
                OptionalLong.empty(),
                OptionalLong.empty(),
                times(entry),
                Optional.empty());
    }

    private static Times times(ZipArchiveEntry entry) {
        if (entry.getExtraField(X000A_NTFS.HEADER_ID) instanceof X000A_NTFS ntfs) {
            return new Times(
                    time(ntfs.getModifyFileTime(), Precision.HUNDRED_NANOSECONDS),
                    time(ntfs.getAccessFileTime(), Precision.HUNDRED_NANOSECONDS),
                    Optional.empty(),
                    time(ntfs.getCreateFileTime(), Precision.HUNDRED_NANOSECONDS));
        }
        if (entry.getExtraField(X5455_ExtendedTimestamp.HEADER_ID) instanceof X5455_ExtendedTimestamp unix) {
            return new Times(
                    time(unix.getModifyFileTime(), Precision.SECOND),
                    time(unix.getAccessFileTime(), Precision.SECOND),
                    Optional.empty(),
                    time(unix.getCreateFileTime(), Precision.SECOND));
        }
        return Times.modified(dosTime(entry));
    }

    private static Optional<EventTime> time(java.nio.file.attribute.@Nullable FileTime time, Precision precision) {
        return Optional.ofNullable(time).map(t -> EventTime.utc(t.toInstant(), precision));
    }

    /// The old form: local time of an unknown zone in steps of two seconds.
    private static Optional<EventTime> dosTime(ZipArchiveEntry entry) {
        java.time.LocalDateTime local = entry.getTimeLocal();
        if (local == null || local.getYear() < 1980) {
            return Optional.empty();
        }
        return Optional.of(new EventTime(
                local.toEpochSecond(ZoneOffset.UTC),
                0,
                Precision.TWO_SECONDS,
                ZoneSource.ASSUMED,
                Optional.of(local.toString()),
                false));
    }

    @Override
    public List<Member> members() {
        return members;
    }

    @Override
    public List<Damage> damages() {
        return damages;
    }

    @Override
    public Content open(Member member) throws IOException {
        ZipArchiveEntry entry = entries.get(member.index());
        refuseUnreadable(entry);
        try (InputStream in = zip.getInputStream(entry)) {
            if (entry.getMethod() == ZipMethod.STORED.getCode() && entry.getDataOffset() >= 0) {
                return stored(entry);
            }
            CRC32 crc = new CRC32();
            Expanded expanded = scratch.expand(
                    new CheckedInputStream(in, crc), Math.min(entry.getCompressedSize(), bytes.size()), allowance);
            return new Content(expanded.bytes(), expanded.damage().or(() -> mismatch(entry, crc)));
        } catch (RuntimeException e) {
            throw new IOException(Scratch.reason(e), e);
        }
    }

    private Content stored(ZipArchiveEntry entry) {
        long start = Math.min(entry.getDataOffset(), bytes.size());
        long there = Math.max(0, Math.min(entry.getSize(), bytes.size() - start));
        return new Content(
                new Slice(bytes, start, there),
                there < entry.getSize()
                        ? Optional.of("cut short: %d of %d bytes are there".formatted(there, entry.getSize()))
                        : Optional.empty());
    }

    private static Optional<String> mismatch(ZipArchiveEntry entry, CRC32 crc) {
        return entry.getCrc() < 0 || entry.getCrc() == crc.getValue()
                ? Optional.empty()
                : Optional.of("the CRC-32 of what came out is not the one stated");
    }

    static void refuseUnreadable(ZipArchiveEntry entry) throws IOException {
        if (entry.getGeneralPurposeBit().usesEncryption()) {
            throw new IOException("encrypted");
        }
    }

    @Override
    public long position(Member member) {
        return Math.max(0, entries.get(member.index()).getLocalHeaderOffset());
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
