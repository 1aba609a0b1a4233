package io.varve.web.evidence;

import io.varve.acquisition.model.Organisation;
import io.varve.database.EvidenceItem;
import io.varve.database.EvidenceItems;
import io.varve.evidence.EvidenceKey;
import io.varve.web.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;

/// Finds evidence by the id that addresses carry.
@ApplicationScoped
public class KnownEvidence {
    private final EvidenceItems items;

    KnownEvidence(EvidenceItems items) {
        this.items = items;
    }

    public EvidenceItem find(Organisation organisation, String id) {
        EvidenceKey key;
        try {
            key = new EvidenceKey(organisation + "/" + id);
        } catch (IllegalArgumentException e) {
            throw ProblemException.notFound("evidence");
        }
        return items.find(key).orElseThrow(() -> ProblemException.notFound("evidence"));
    }

    /// The item that holds the bytes: this one, or the one it refers to.
    public EvidenceItem holder(EvidenceItem item) {
        return item.sameBytesAs().flatMap(items::find).orElse(item);
    }
}
