package io.varve.disk.archive;

import io.varve.binary.Bytes;
import io.varve.disk.BytesChannel;
import io.varve.disk.Entry.Times;
import io.varve.disk.Entry.Type;
import io.varve.disk.Names;
import io.varve.disk.Scratch;
import io.varve.disk.Scratch.Allowance;
import io.varve.disk.Scratch.Expanded;
import io.varve.event.EventTime;
import io.varve.event.Precision;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.commons.compress.PasswordRequiredException;
import org.apache.commons.compress.archivers.sevenz.SevenZArchiveEntry;
import org.apache.commons.compress.archivers.sevenz.SevenZFile;

/// 7z. Members read in order cost one pass over their solid block; any other order starts the block again.
final class SevenZip implements Archive {
    /// Most memory a decoder may take.
    private static final int MEMORY_KIB = 256 << 10;

    private final Bytes bytes;
    private final SevenZFile file;
    private final Scratch scratch;
    private final Allowance allowance;
    private final List<SevenZArchiveEntry> entries = new ArrayList<>();
    private final List<Member> members = new ArrayList<>();
    private final List<Damage> damages = new ArrayList<>();

    private SevenZip(Bytes bytes, SevenZFile file, Scratch scratch, Allowance allowance) {
        this.bytes = bytes;
        this.file = file;
        this.scratch = scratch;
        this.allowance = allowance;
        for (SevenZArchiveEntry entry : file.getEntries()) {
            if (members.size() >= MEMBERS) {
                damages.add(Damage.of("limit: more than %d members".formatted(MEMBERS)));
                break;
            }
            members.add(member(members.size(), entry));
            entries.add(entry);
        }
    }

    static Archive open(Bytes bytes, Scratch scratch, Allowance allowance) throws IOException {
        try {
            SevenZFile file = SevenZFile.builder()
                    .setSeekableByteChannel(new BytesChannel(bytes))
                    .setMaxMemoryLimitKiB(MEMORY_KIB)
                    .get();
            return new SevenZip(bytes, file, scratch, allowance);
        } catch (PasswordRequiredException e) {
            throw new IOException("encrypted", e);
        } catch (RuntimeException e) {
            throw new IOException(Scratch.reason(e), e);
        }
    }

    private static Member member(int index, SevenZArchiveEntry entry) {
        String name = entry.getName() == null ? "content" : entry.getName();
        return new Member(
                index,
                Names.member(name),
                entry.isDirectory() ? Type.DIRECTORY : Type.FILE,
                entry.getSize(),
                OptionalInt.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                new Times(
                        entry.getHasLastModifiedDate() ? time(entry.getLastModifiedTime()) : Optional.empty(),
                        entry.getHasAccessDate() ? time(entry.getAccessTime()) : Optional.empty(),
                        Optional.empty(),
                        entry.getHasCreationDate() ? time(entry.getCreationTime()) : Optional.empty()),
                Optional.empty());
    }

    private static Optional<EventTime> time(FileTime time) {
        return Optional.of(EventTime.utc(time.toInstant(), Precision.HUNDRED_NANOSECONDS));
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
        SevenZArchiveEntry entry = entries.get(member.index());
        if (!entry.hasStream()) {
            return Content.whole(Bytes.of(new byte[0]));
        }
        try (InputStream in = file.getInputStream(entry)) {
            Expanded expanded = scratch.expand(in, bytes.size(), allowance);
            return new Content(expanded.bytes(), expanded.damage());
        } catch (PasswordRequiredException e) {
            throw new IOException("encrypted", e);
        } catch (RuntimeException e) {
            throw new IOException(Scratch.reason(e), e);
        }
    }

    @Override
    public long position(Member member) {
        return member.index();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
