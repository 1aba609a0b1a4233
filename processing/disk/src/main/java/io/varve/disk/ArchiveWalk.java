package io.varve.disk;

import io.varve.binary.Bytes;
import io.varve.binary.Limits;
import io.varve.disk.Entry.Type;
import io.varve.disk.Scratch.Allowance;
import io.varve.disk.archive.Archive;
import io.varve.disk.archive.Damage;
import io.varve.disk.archive.Format;
import io.varve.disk.archive.Member;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Visits a file, and when it is an archive, its members instead, to the depth that [Limits#DEPTH] allows.
final class ArchiveWalk {
    private final EvidenceVisitor visitor;
    private final Scratch scratch;

    ArchiveWalk(EvidenceVisitor visitor, Scratch scratch) {
        this.visitor = visitor;
        this.scratch = scratch;
    }

    /// Visits a file that lies outside any archive.
    void file(Entry entry, EvidenceFile file) throws IOException {
        visit(entry, file, 0, Optional.empty());
    }

    private void visit(Entry entry, EvidenceFile file, int depth, Optional<Allowance> allowance) throws IOException {
        HeldFile held;
        try {
            held = new HeldFile(file);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            visitor.unreadable(entry, Scratch.reason(e));
            return;
        }
        try (held) {
            allowance.ifPresent(a -> a.read(held.size()));
            Optional<Format> format = visitor.enters(entry) ? format(held) : Optional.empty();
            if (format.isPresent() && depth == Limits.DEPTH) {
                visitor.damaged(
                        entry.volume(),
                        entry.path(),
                        OptionalLong.empty(),
                        "limit: archive inside %d archives".formatted(depth));
                format = Optional.empty();
            }
            if (format.isEmpty()) {
                visitor.file(entry, held);
                return;
            }
            archive(entry, held, format.get(), depth, allowance);
        }
    }

    private static Optional<Format> format(HeldFile file) {
        try {
            byte[] head = new byte[(int) Math.min(Format.HEAD, file.size())];
            file.content().read(0, head, 0, head.length);
            return Format.of(file.name(), head);
        } catch (IOException e) {
            // reading it for real will say why
            return Optional.empty();
        }
    }

    private void archive(Entry entry, HeldFile file, Format format, int depth, Optional<Allowance> outer)
            throws IOException {
        Allowance allowance = outer.orElseGet(() -> new Allowance(file.size()));
        Archive archive;
        try {
            archive = open(format, file.name(), file.content(), scratch, allowance, Format.Progress.NONE);
        } catch (IOException e) {
            visitor.unreadable(entry, Scratch.reason(e));
            return;
        }
        try (archive) {
            members(new ArchiveTree(entry.volume(), entry.path(), archive), entry, file, depth, allowance, done -> {});
        }
    }

    /// Opens an archive; whatever a library throws at a crafted one is an [IOException].
    static Archive open(
            Format format, String name, Bytes content, Scratch scratch, Allowance allowance, Format.Progress progress)
            throws IOException {
        try {
            return format.open(name, content, scratch, allowance, progress);
        } catch (RuntimeException | OutOfMemoryError | StackOverflowError e) {
            throw new IOException(Scratch.reason(e), e);
        }
    }

    /// Told the position in the archive as its members are visited.
    interface Position {
        void at(long position);
    }

    /// Visits the members of an archive that is open.
    void members(ArchiveTree tree, Entry entry, EvidenceFile file, int depth, Allowance allowance, Position position)
            throws IOException {
        for (Damage damage : tree.archive().damages()) {
            visitor.damaged(entry.volume(), entry.path(), damage.offset(), damage.reason());
        }
        Set<String> seen = new HashSet<>();
        for (Member member : tree.archive().members()) {
            Entry inside = tree.entry(member);
            position.at(tree.archive().position(member));
            Optional<String> limit = allowance.member();
            if (limit.isPresent()) {
                visitor.damaged(entry.volume(), entry.path(), OptionalLong.empty(), limit.get());
                break;
            }
            if (member.type() != Type.DIRECTORY && !seen.add(member.path())) {
                visitor.noted(inside.volume(), inside.path(), "the archive holds this name more than once");
            }
            if (member.type() == Type.FILE) {
                visit(
                        inside,
                        tree.file(
                                member,
                                reason ->
                                        visitor.damaged(inside.volume(), inside.path(), OptionalLong.empty(), reason)),
                        depth + 1,
                        Optional.of(allowance));
            } else {
                visitor.name(inside);
            }
        }
        visitor.archive(entry, file, tree.archive().members().size());
    }
}
