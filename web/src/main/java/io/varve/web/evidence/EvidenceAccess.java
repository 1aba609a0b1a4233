package io.varve.web.evidence;

import io.varve.database.Care;
import io.varve.database.EvidenceItem;
import io.varve.evidence.CustodyEntry;
import io.varve.evidence.Digest;
import io.varve.evidence.ObjectStore;
import io.varve.evidence.PackageVerifier;
import io.varve.evidence.Seal;
import io.varve.evidence.Verification;
import io.varve.web.problem.Code;
import io.varve.web.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/// Reads evidence, and writes into its custody log that it was read.
@ApplicationScoped
public class EvidenceAccess {
    /// Items read back at the same time.
    private static final int CHECKS = 2;

    private final ObjectStore objects;
    private final CustodyWriter custody;
    private final Care care;
    private final Clock clock;
    private final Semaphore checks = new Semaphore(CHECKS);

    EvidenceAccess(ObjectStore objects, CustodyWriter custody, Care care, Clock clock) {
        this.objects = objects;
        this.custody = custody;
        this.care = care;
        this.clock = clock;
    }

    public record Verified(
            boolean verified,
            List<String> problems,
            int entries,
            int unsignedEntries,
            long bytes,
            Optional<String> signer,
            Optional<String> head) {}

    List<CustodyEntry> custody(EvidenceItem item) throws IOException {
        return custody.entries(item.key());
    }

    Verified verify(EvidenceItem item, String actor) throws IOException, InterruptedException {
        requireSealed(item);
        checks.acquire();
        try {
            Verification result = PackageVerifier.verify(objects, item.key(), Optional.empty());
            List<String> problems = new ArrayList<>(result.problems());
            problems.addAll(custody.compare(item.key()));
            Optional<String> problem = problems.isEmpty()
                    ? Optional.empty()
                    : Optional.of("%d problems, first: %s".formatted(problems.size(), problems.getFirst()));
            custody.add(
                    item.key(), actor, "verified", problem.orElse("consistent, %d bytes".formatted(result.bytes())));
            care.checked(item.key(), clock.instant(), problem);
            return new Verified(
                    problems.isEmpty(),
                    problems,
                    result.entries(),
                    result.unsignedEntries(),
                    result.bytes(),
                    result.signer().map(Digest::hex),
                    result.head().map(Digest::hex));
        } finally {
            checks.release();
        }
    }

    /// The bytes, and an entry about who took them.
    ///
    /// @param holder the item that has the bytes
    InputStream download(EvidenceItem item, EvidenceItem holder, String actor) throws IOException {
        requireSealed(item);
        custody.add(item.key(), actor, "downloaded", "%d bytes".formatted(holder.size()));
        return objects.read(holder.key().object(Seal.DATA), 0, holder.size());
    }

    void keyAdded(EvidenceItem item, String kind, String actor) throws IOException {
        custody.add(item.key(), actor, "key.added", "a %s to open encrypted volumes with".formatted(kind));
    }

    void keyRemoved(EvidenceItem item, String actor) throws IOException {
        custody.add(item.key(), actor, "key.removed", "");
    }

    private static void requireSealed(EvidenceItem item) {
        if (item.state() != EvidenceItem.State.SEALED) {
            throw new ProblemException(Code.CONFLICT, "The evidence is not sealed.");
        }
    }
}
