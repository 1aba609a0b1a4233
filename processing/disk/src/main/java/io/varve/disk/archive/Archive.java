package io.varve.disk.archive;

import io.varve.binary.Bytes;
import io.varve.binary.Limits;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// One archive whose list of members was read. What can be read of a damaged one is listed.
public interface Archive extends AutoCloseable {
    /// Most members listed of one archive: the list is kept in memory.
    int MEMBERS = (int) Math.min(Limits.MEMBERS, 1_000_000);

    /// First member of a capture archive of Varve, see docs/formats-capture.md.
    String CAPTURE = "varve/capture.json";

    /// In the archive's own order.
    List<Member> members();

    /// What of the archive itself could not be read.
    List<Damage> damages();

    /// Opens the content of a file member; the caller closes it.
    ///
    /// @throws IOException when nothing of it can be read, e.g. because it is encrypted
    Content open(Member member) throws IOException;

    /// How far into the archive's bytes a member lies, for progress.
    long position(Member member);

    @Override
    void close() throws IOException;

    /// The content of a member and what is wrong with it, if anything.
    record Content(Bytes bytes, Optional<String> damage) {
        static Content whole(Bytes bytes) {
            return new Content(bytes, Optional.empty());
        }
    }
}
