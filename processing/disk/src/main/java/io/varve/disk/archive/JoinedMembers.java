package io.varve.disk.archive;

import io.varve.binary.Bytes;
import io.varve.disk.Entry.Type;
import io.varve.disk.container.Joined;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A capture archive whose members `varve/containers/NAME.tar.gz.000001`, `.000002` … are shown as the one file they
/// are parts of. Format: docs/formats-capture.md.
final class JoinedMembers implements Archive {
    private static final Pattern PART = Pattern.compile("(varve/containers/[^/]+\\.tar\\.gz)\\.(\\d{6})");

    private final Archive archive;
    private final List<Member> members = new ArrayList<>();
    private final List<Damage> damages;
    private final Map<String, List<Member>> parts;

    private JoinedMembers(Archive archive, Map<String, List<Member>> parts) {
        this.archive = archive;
        this.parts = parts;
        this.damages = new ArrayList<>(archive.damages());
        var shown = new HashMap<String, Boolean>();
        for (Member member : archive.members()) {
            Matcher part = PART.matcher(member.path());
            if (member.type() != Type.FILE || !part.matches()) {
                members.add(member);
            } else if (shown.put(part.group(1), true) == null) {
                members.add(whole(member, part.group(1)));
            }
        }
    }

    /// The archive itself when it is no capture archive, or has no such parts.
    static Archive of(Archive archive) {
        List<Member> members = archive.members();
        if (members.isEmpty() || !members.getFirst().path().equals(CAPTURE)) {
            return archive;
        }
        var parts = new LinkedHashMap<String, List<Member>>();
        for (Member member : members) {
            Matcher part = PART.matcher(member.path());
            if (member.type() == Type.FILE && part.matches()) {
                parts.computeIfAbsent(part.group(1), name -> new ArrayList<>()).add(member);
            }
        }
        return parts.isEmpty() ? archive : new JoinedMembers(archive, parts);
    }

    private Member whole(Member first, String path) {
        List<Member> pieces = parts.getOrDefault(path, List.of());
        long size = 0;
        for (int i = 0; i < pieces.size(); i++) {
            long more = pieces.get(i).size();
            size = more > Long.MAX_VALUE - size ? Long.MAX_VALUE : size + more;
            if (!pieces.get(i).path().endsWith(".%06d".formatted(i + 1))) {
                damages.add(Damage.of("part %d of %s is missing or out of order".formatted(i + 1, path)));
                break;
            }
        }
        return new Member(
                first.index(),
                path,
                Type.FILE,
                size,
                first.mode(),
                first.uid(),
                first.gid(),
                first.times(),
                Optional.empty());
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
        List<Member> pieces = parts.get(member.path());
        if (pieces == null) {
            return archive.open(member);
        }
        var opened = new ArrayList<Bytes>();
        Optional<String> damage = Optional.empty();
        try {
            for (Member piece : pieces) {
                Content content = archive.open(piece);
                opened.add(content.bytes());
                damage = damage.or(content::damage);
            }
        } catch (IOException | RuntimeException e) {
            new Joined(opened).close();
            throw e;
        }
        return new Content(new Joined(opened), damage);
    }

    @Override
    public long position(Member member) {
        return archive.position(member);
    }

    @Override
    public void close() throws IOException {
        archive.close();
    }
}
