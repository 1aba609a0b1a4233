package io.varve.provider.endpoint.agent;

import io.varve.evidence.Digest;
import io.varve.provider.collector.archive.TarHeader;
import io.varve.provider.endpoint.agent.Journal.OpenMember;
import io.varve.provider.endpoint.agent.host.Host;
import io.varve.provider.endpoint.agent.host.Linux;
import io.varve.provider.endpoint.agent.host.Names;
import io.varve.provider.endpoint.agent.host.OpenFile;
import io.varve.provider.endpoint.agent.host.Stat;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import org.bouncycastle.crypto.digests.SHA256Digest;

/// Copies files of the host into the archive. A file keeps the size it had when it was opened: what it grows by is
/// left,
/// what it shrinks by is zeros, and the outcome says so.
final class FileCopy {
    private static final int CHUNK = 1 << 16;

    private final Host host;
    private final Archive archive;

    FileCopy(Host host, Archive archive) {
        this.host = host;
        this.archive = archive;
    }

    /// Copies one entry of the file system; a link is kept as a link.
    ///
    /// @return bytes of content written
    long copy(Path file, String artifact, long most)
            throws IOException, RefusedException, InterruptedException, CancelledException {
        String path = host.name(file);
        byte[] location = Names.bytes(file);
        Stat stat;
        try {
            stat = Linux.stat(location);
        } catch (IOException e) {
            archive.outcome(failed(path, artifact, e));
            return 0;
        }
        if (stat.isLink()) {
            link(file, path, artifact, stat);
            return 0;
        }
        return content(location, path, "fs" + path, artifact, most);
    }

    /// Copies what a link leads to under the link's own name.
    long follow(Path file, String artifact, long most)
            throws IOException, RefusedException, InterruptedException, CancelledException {
        try {
            Path real = file.toRealPath();
            if (real.startsWith(host.root().toRealPath())) {
                String path = host.name(file);
                return content(Names.bytes(real), path, "fs" + path, artifact, most);
            }
        } catch (IOException e) {
            // A link to nowhere is kept as the link it is.
            return copy(file, artifact, most);
        }
        return copy(file, artifact, most);
    }

    /// Copies the content behind a link of `/proc`, e.g. a deleted executable.
    long magic(Path link, String member, String artifact, long most)
            throws IOException, RefusedException, InterruptedException, CancelledException {
        return content(Names.bytes(link), host.name(link), member, artifact, most);
    }

    private void link(Path file, String path, String artifact, Stat stat) throws IOException {
        String target = Names.text(Names.bytes(Files.readSymbolicLink(file)));
        archive.begin(header("fs" + path, 0, stat, Optional.of(target)));
        archive.outcome(Outcome.collected(path, artifact, Optional.of("link to " + target)));
    }

    private long content(byte[] location, String path, String member, String artifact, long most)
            throws IOException, RefusedException, InterruptedException, CancelledException {
        OpenFile opened;
        try {
            opened = path.startsWith("/proc/") ? OpenFile.following(location) : OpenFile.of(location);
        } catch (IOException e) {
            archive.outcome(failed(path, artifact, e));
            return 0;
        }
        try (OpenFile in = opened) {
            Stat stat = in.stat();
            if (!stat.isFile()) {
                archive.outcome(Outcome.failed(path, artifact, "is a " + stat.type()));
                return 0;
            }
            long size = Math.min(stat.size(), most);
            Optional<String> reason = size < stat.size()
                    ? Optional.of("size cap: the first %d of %d bytes".formatted(size, stat.size()))
                    : Optional.empty();
            archive.begin(header(member, size, stat, Optional.empty()));
            var open =
                    new OpenMember(path, location, artifact, stat.inode(), stat.device(), size, 0, new byte[0], reason);
            body(in, open, new SHA256Digest());
            return size;
        }
    }

    /// Goes on with the file in whose middle the archive was interrupted.
    void resume(OpenMember open) throws IOException, RefusedException, InterruptedException, CancelledException {
        var sha256 = new SHA256Digest(open.sha256());
        OpenFile opened;
        try {
            opened = OpenFile.following(open.location());
        } catch (IOException e) {
            zeros(open, sha256, "gone when the agent went on after a restart");
            return;
        }
        try (OpenFile in = opened) {
            Stat stat = in.stat();
            if (stat.inode() == open.inode() && stat.device() == open.device()) {
                in.position(open.done());
                body(in, open, sha256);
                return;
            }
        }
        zeros(open, sha256, "replaced while the agent restarted");
    }

    private void body(OpenFile in, OpenMember open, SHA256Digest sha256)
            throws IOException, RefusedException, InterruptedException, CancelledException {
        byte[] chunk = new byte[CHUNK];
        long done = open.done();
        while (done < open.size()) {
            int count;
            try {
                count = in.read(chunk, 0, (int) Math.min(CHUNK, open.size() - done));
            } catch (IOException e) {
                zeros(at(open, done, sha256), sha256, "could not be read: " + e.getMessage());
                return;
            }
            if (count < 0) {
                zeros(at(open, done, sha256), sha256, "shrank while it was read");
                return;
            }
            archive.content(chunk, count);
            sha256.update(chunk, 0, count);
            done += count;
            if (archive.full()) {
                archive.cut(Optional.of(at(open, done, sha256)));
            }
        }
        archive.end(open.size());
        host.read(done);
        Stat after = in.stat();
        Optional<String> reason = open.reason()
                .or(() -> after.size() > open.size()
                        ? Optional.of("grew while it was read: the first %d bytes".formatted(open.size()))
                        : Optional.empty());
        archive.outcome(Outcome.collected(open.path(), open.artifact(), open.size(), digest(sha256), reason));
    }

    /// Fills the member up; its digest is of the bytes that were really read.
    private void zeros(OpenMember open, SHA256Digest sha256, String why)
            throws IOException, RefusedException, InterruptedException, CancelledException {
        byte[] zeros = new byte[CHUNK];
        Digest read = digest(new SHA256Digest(sha256));
        String reason = "%s: %d bytes, then %d zeros".formatted(why, open.done(), open.size() - open.done());
        for (long left = open.size() - open.done(); left > 0; left -= CHUNK) {
            archive.content(zeros, (int) Math.min(CHUNK, left));
        }
        archive.end(open.size());
        host.read(open.done());
        archive.outcome(
                open.done() == 0
                        ? Outcome.failed(open.path(), open.artifact(), reason)
                        : Outcome.collected(open.path(), open.artifact(), open.done(), read, Optional.of(reason)));
    }

    private static OpenMember at(OpenMember open, long done, SHA256Digest sha256) {
        return new OpenMember(
                open.path(),
                open.location(),
                open.artifact(),
                open.inode(),
                open.device(),
                open.size(),
                done,
                sha256.getEncodedState(),
                open.reason());
    }

    private static Digest digest(SHA256Digest sha256) {
        byte[] digest = new byte[32];
        sha256.doFinal(digest, 0);
        return new Digest(HexFormat.of().formatHex(digest));
    }

    private static TarHeader header(String member, long size, Stat stat, Optional<String> link) {
        return new TarHeader(
                member,
                size,
                stat.mode(),
                stat.uid(),
                stat.gid(),
                stat.modified(),
                Optional.of(stat.accessed()),
                Optional.of(stat.changed()),
                link);
    }

    private static Outcome failed(String path, String artifact, IOException e) {
        return e instanceof NoSuchFileException
                ? Outcome.missing(path, artifact)
                : Outcome.failed(path, artifact, reason(e));
    }

    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "access denied";
            case FileSystemException file -> String.valueOf(file.getReason());
            default -> String.valueOf(e.getMessage());
        };
    }
}
