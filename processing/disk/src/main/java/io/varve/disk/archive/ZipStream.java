package io.varve.disk.archive;

import io.varve.binary.Bytes;
import io.varve.disk.Entry.Type;
import io.varve.disk.Scratch;
import io.varve.disk.Scratch.Allowance;
import io.varve.disk.Scratch.Expanded;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveInputStream;

/// A zip whose end, and with it the list of members, is lost: what the front still holds, read from the front. Members
/// opened in order cost one pass, any other order starts again.
final class ZipStream implements Archive {
    private static final int BUFFER = 1 << 16;

    private final Bytes bytes;
    private final Scratch scratch;
    private final Allowance allowance;
    private final List<Member> members = new ArrayList<>();
    private final List<Damage> damages = new ArrayList<>();
    private ZipArchiveInputStream zip;
    private int next;

    private ZipStream(Bytes bytes, Scratch scratch, Allowance allowance) {
        this.bytes = bytes;
        this.scratch = scratch;
        this.allowance = allowance;
        this.zip = front(bytes);
    }

    static Archive open(Bytes bytes, Scratch scratch, Allowance allowance, String reason) throws IOException {
        var archive = new ZipStream(bytes, scratch, allowance);
        archive.damages.add(Damage.of("the list of members at its end is lost: " + reason));
        archive.list();
        if (archive.members.isEmpty()) {
            throw new IOException("no member can be read: " + reason);
        }
        archive.restart();
        return archive;
    }

    private static ZipArchiveInputStream front(Bytes bytes) {
        return new ZipArchiveInputStream(new BufferedInputStream(bytes.stream(), BUFFER), "UTF-8", true, true);
    }

    private void list() {
        try {
            for (ZipArchiveEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (members.size() >= MEMBERS) {
                    damages.add(Damage.of("limit: more than %d members".formatted(MEMBERS)));
                    return;
                }
                members.add(Zip.member(members.size(), entry));
            }
        } catch (IOException | RuntimeException e) {
            damages.add(Damage.of("reading from the front stopped: " + Scratch.reason(e)));
        }
    }

    private void restart() throws IOException {
        zip.close();
        zip = front(bytes);
        next = 0;
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
        if (member.type() != Type.FILE) {
            throw new IOException("not a file");
        }
        if (member.index() < next) {
            restart();
        }
        try {
            ZipArchiveEntry entry = zip.getNextEntry();
            for (next++; entry != null && next <= member.index(); next++) {
                entry = zip.getNextEntry();
            }
            if (entry == null) {
                throw new EOFException("cut short");
            }
            Zip.refuseUnreadable(entry);
            Expanded expanded = scratch.expand(zip, bytes.size(), allowance);
            return new Content(expanded.bytes(), expanded.damage());
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
        zip.close();
    }
}
