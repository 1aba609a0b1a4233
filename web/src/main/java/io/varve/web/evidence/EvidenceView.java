package io.varve.web.evidence;

import io.varve.acquisition.model.Assets;
import io.varve.database.Care;
import io.varve.database.EvidenceItem;
import io.varve.evidence.Digest;
import io.varve.evidence.EvidenceKey;
import io.varve.web.Named;
import java.time.Instant;
import java.util.Optional;

/// An evidence item as clients see it.
public record EvidenceView(
        String id,
        String key,
        Named asset,
        String capture,
        String provider,
        String profile,
        EvidenceItem.State state,
        long size,
        Optional<String> sha256,
        int parts,
        Instant createdAt,
        Optional<Instant> sealedAt,
        Optional<String> sameBytesAs,
        ProcessingView processing,
        CareView care) {

    /// @param checkedAt when the bytes were last read back
    /// @param problem what that found, when the evidence is not as it was sealed
    public record CareView(
            Optional<HoldView> hold,
            Optional<Instant> retainUntil,
            Optional<Instant> checkedAt,
            Optional<String> problem) {
        static CareView of(Care.Kept kept) {
            return new CareView(
                    kept.hold().map(hold -> new HoldView(hold.by(), hold.at(), hold.reason())),
                    kept.retainUntil(),
                    kept.checkedAt(),
                    kept.problem());
        }
    }

    public record HoldView(String by, Instant at, String reason) {}

    public record ProcessingView(
            EvidenceItem.Processing.State state,
            int run,
            long events,
            String text,
            long done,
            long total,
            Optional<Instant> startedAt,
            Optional<Instant> endedAt) {}

    public static EvidenceView of(EvidenceItem item, Assets assets, Care.Kept kept) {
        EvidenceItem.Processing processing = item.processing();
        return new EvidenceView(
                item.key().id(),
                item.key().value(),
                Named.asset(item.asset(), assets),
                item.capture().toString(),
                item.provider(),
                item.profile(),
                item.state(),
                item.size(),
                item.sha256().map(Digest::hex),
                item.parts(),
                item.createdAt(),
                item.sealedAt(),
                item.sameBytesAs().map(EvidenceKey::id),
                new ProcessingView(
                        processing.state(),
                        item.run(),
                        processing.events(),
                        processing.text(),
                        processing.done(),
                        processing.total(),
                        processing.startedAt(),
                        processing.endedAt()),
                CareView.of(kept));
    }
}
