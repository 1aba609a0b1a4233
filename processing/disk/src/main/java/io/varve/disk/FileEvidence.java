package io.varve.disk;

import io.varve.binary.Bytes;
import io.varve.disk.Entry.Type;
import io.varve.disk.Scratch.Allowance;
import io.varve.disk.archive.Archive;
import io.varve.disk.archive.Format;
import io.varve.disk.archive.Member;
import io.varve.event.EventTime;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Evidence that is one file: an archive, or a single artefact at path `/name`.
final class FileEvidence implements Evidence {
    /// Share of the progress that expanding takes, in percent.
    private static final int EXPANDING = 20;

    private final String name;
    private final Bytes content;
    private final Scratch scratch;
    private final Allowance allowance;
    private @Nullable ArchiveTree tree;
    private @Nullable IOException broken;

    FileEvidence(String name, Bytes content, Scratch scratch) {
        this.name = name;
        this.content = content;
        this.scratch = scratch;
        this.allowance = new Allowance(content.size());
    }

    @Override
    public void walk(EvidenceVisitor visitor) throws IOException {
        Entry entry = Entry.plain("/" + name, Type.FILE, content.size());
        Optional<ArchiveTree> archive;
        try {
            archive = tree(done -> visitor.progress(done * EXPANDING / 100, content.size(), entry.path()));
        } catch (IOException e) {
            visitor.unreadable(entry, Scratch.reason(e));
            return;
        }
        var walk = new ArchiveWalk(visitor, scratch);
        if (archive.isEmpty()) {
            visitor.file(entry, new Single());
            visitor.progress(content.size(), content.size(), entry.path());
            return;
        }
        long last = archive.get().archive().members().stream()
                .mapToLong(archive.get().archive()::position)
                .max()
                .orElse(0);
        walk.members(archive.get(), entry, new Single(), 0, allowance, position -> {
            double part = last == 0 ? 0 : (double) position / last;
            long done = (long) (content.size() * (EXPANDING + (100 - EXPANDING) * part) / 100);
            visitor.progress(done, content.size(), entry.path());
        });
        visitor.progress(content.size(), content.size(), entry.path());
    }

    /// The evidence as an archive, opened once; once failed, it fails for good.
    private Optional<ArchiveTree> tree(Format.Progress progress) throws IOException {
        if (broken != null) {
            throw broken;
        }
        if (tree == null) {
            byte[] head = new byte[(int) Math.min(Format.HEAD, content.size())];
            content.read(0, head, 0, head.length);
            Optional<Format> format = Format.of(name, head);
            if (format.isEmpty()) {
                return Optional.empty();
            }
            try {
                Archive archive = ArchiveWalk.open(format.get(), name, content, scratch, allowance, progress);
                tree = ArchiveTree.outermost("/" + name, archive);
            } catch (IOException e) {
                broken = e;
                throw e;
            }
        }
        return Optional.of(tree);
    }

    @Override
    public Optional<EvidenceFile> find(String path) throws IOException {
        return member(path)
                .filter(member -> member.type() == Type.FILE)
                .flatMap(member -> Optional.ofNullable(tree).map(t -> t.file(member, reason -> {})));
    }

    @Override
    public Optional<String> linkTarget(String path) throws IOException {
        return member(path).flatMap(Member::target);
    }

    @Override
    public void list(Optional<String> volume, String folder, Consumer<Entry> names) throws IOException {
        Optional<ArchiveTree> archive = tree(Format.Progress.NONE);
        if (archive.isEmpty()) {
            names.accept(Entry.plain("/" + name, Type.FILE, content.size()));
            return;
        }
        archive.get().list(folder, names);
    }

    private Optional<Member> member(String path) throws IOException {
        return tree(Format.Progress.NONE).flatMap(t -> t.member(path));
    }

    @Override
    public void close() throws IOException {
        try (content) {
            if (tree != null) {
                tree.archive().close();
            }
        }
    }

    /// The evidence itself as its only file.
    private final class Single implements EvidenceFile {
        @Override
        public Optional<String> volume() {
            return Optional.empty();
        }

        @Override
        public String path() {
            return "/" + name;
        }

        @Override
        public long size() {
            return content.size();
        }

        @Override
        public Optional<EventTime> modified() {
            return Optional.empty();
        }

        @Override
        public Bytes open() {
            return Slice.all(content);
        }

        @Override
        public Optional<EvidenceFile> sibling(String other) {
            return Optional.empty();
        }
    }
}
