package io.varve.disk.archive;

import io.varve.binary.Bytes;
import io.varve.disk.Entry.Type;
import io.varve.disk.Scratch;
import io.varve.disk.Scratch.Allowance;
import io.varve.disk.Scratch.Expanded;
import io.varve.disk.Slice;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;

/// A zip whose end, and with it the list of members, is lost: what the front still holds, all expanded at once.
final class ZipStream implements Archive {
    private final List<Member> members = new ArrayList<>();
    private final List<Content> contents = new ArrayList<>();
    private final List<Damage> damages = new ArrayList<>();

    private ZipStream() {}

    static Archive open(Bytes bytes, Scratch scratch, Allowance allowance, String reason) throws IOException {
        var archive = new ZipStream();
        archive.damages.add(Damage.of("the list of members at its end is lost: " + reason));
        archive.scan(bytes, scratch, allowance);
        return archive;
    }

    private void scan(Bytes bytes, Scratch scratch, Allowance allowance) {
        try (var zip =
                new ZipArchiveInputStream(new BufferedInputStream(bytes.stream(), 1 << 16), "UTF-8", true, true)) {
            ZipArchiveEntry entry;
            while ((entry = zip.getNextEntry()) != null && members.size() < MEMBERS) {
                Member member = Zip.member(members.size(), entry);
                if (member.type() != Type.FILE || !zip.canReadEntryData(entry)) {
                    continue;
                }
                Expanded expanded = scratch.expand(zip, bytes.size(), allowance);
                members.add(member);
                contents.add(new Content(expanded.bytes(), expanded.damage()));
                if (expanded.damage().isPresent()) {
                    return;
                }
            }
        } catch (IOException | RuntimeException e) {
            damages.add(Damage.of("reading from the front stopped: " + Scratch.reason(e)));
        }
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
    public Content open(Member member) {
        Content content = contents.get(member.index());
        return new Content(Slice.all(content.bytes()), content.damage());
    }

    @Override
    public long position(Member member) {
        return 0;
    }

    @Override
    public void close() throws IOException {
        for (Content content : contents) {
            content.bytes().close();
        }
    }
}
