package io.varve.disk;

import io.varve.binary.Bytes;
import io.varve.disk.Entry.Type;
import io.varve.disk.archive.Archive;
import io.varve.disk.archive.Member;
import io.varve.event.EventTime;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The members of one archive as files at paths.
///
/// A capture archive of Varve (docs/formats-capture.md) shows what it holds of a host under the host's own paths: the
/// member `fs/etc/hostname` is `/etc/hostname`, and `varve/capture.json` is `/varve/capture.json`.
final class ArchiveTree {
    private static final String HOST = "fs/";
    private static final String OWN = "varve/";

    private final Optional<String> volume;
    private final String prefix;
    private final Archive archive;
    private final boolean capture;
    private @Nullable Map<String, Member> byPath;

    /// @param path path of the archive in the evidence
    /// @param volume volume the archive lies in
    ArchiveTree(Optional<String> volume, String path, Archive archive) {
        this.volume = volume;
        this.archive = archive;
        this.capture = !archive.members().isEmpty()
                && archive.members().getFirst().path().equals(Archive.CAPTURE);
        this.prefix = path + "!/";
    }

    private ArchiveTree(Archive archive) {
        this.volume = Optional.empty();
        this.archive = archive;
        this.capture = true;
        this.prefix = "/";
    }

    /// The archive that is the whole evidence.
    static ArchiveTree outermost(String path, Archive archive) {
        var tree = new ArchiveTree(Optional.empty(), path, archive);
        return tree.capture ? new ArchiveTree(archive) : tree;
    }

    Archive archive() {
        return archive;
    }

    Entry entry(Member member) {
        Entry entry = member.entry(prefix + shown(member.path()));
        return volume.map(entry::withVolume).orElse(entry);
    }

    /// The path under which a member is shown, without the archive's own.
    private String shown(String path) {
        if (!capture || !path.startsWith(HOST)) {
            return path;
        }
        String host = path.substring(HOST.length());
        // a host's own /varve must not pass for what the agent wrote
        return host.startsWith(OWN) ? "%76" + host.substring(1) : host;
    }

    /// The members in a folder; folders that no member states are made from the paths of what is in them.
    void list(String folder, Consumer<Entry> names) {
        String root =
                prefix.endsWith("!/") && folder.equals("/") ? prefix : folder.endsWith("/") ? folder : folder + "/";
        var stated = new HashSet<String>();
        var implied = new TreeSet<String>();
        for (Member member : archive.members()) {
            Entry entry = entry(member);
            if (!entry.path().startsWith(root) || entry.path().length() == root.length()) {
                continue;
            }
            int slash = entry.path().indexOf('/', root.length());
            if (slash < 0) {
                stated.add(entry.path());
                names.accept(entry);
            } else {
                implied.add(entry.path().substring(0, slash));
            }
        }
        implied.removeAll(stated);
        implied.forEach(path -> names.accept(Entry.plain(path, Type.DIRECTORY, 0)));
    }

    /// @param damage told when opening finds that the content is not whole
    EvidenceFile file(Member member, Consumer<String> damage) {
        return new MemberFile(member, entry(member).path(), damage);
    }

    /// A member by its path as shown; of two with one name the last, as unpacking would leave it.
    Optional<Member> member(String path) {
        if (byPath == null) {
            byPath = new HashMap<>();
            for (Member member : archive.members()) {
                byPath.put(shown(member.path()), member);
            }
        }
        return Optional.ofNullable(byPath.get(path));
    }

    private final class MemberFile implements EvidenceFile {
        private final Member member;
        private final String path;
        private final Consumer<String> damage;

        MemberFile(Member member, String path, Consumer<String> damage) {
            this.member = member;
            this.path = path;
            this.damage = damage;
        }

        @Override
        public Optional<String> volume() {
            return volume;
        }

        @Override
        public String path() {
            return path;
        }

        @Override
        public long size() {
            return member.size();
        }

        @Override
        public Optional<EventTime> modified() {
            return capture && !member.path().startsWith(HOST)
                    ? Optional.empty()
                    : member.times().modified();
        }

        @Override
        public Bytes open() throws IOException {
            Archive.Content content = archive.open(member);
            content.damage().ifPresent(damage);
            return content.bytes();
        }

        @Override
        public Optional<EvidenceFile> sibling(String name) {
            String shown = shown(member.path());
            return member(shown.substring(0, shown.lastIndexOf('/') + 1) + name)
                    .filter(other -> other.type() == Type.FILE)
                    .map(other -> file(other, reason -> {}));
        }
    }
}
