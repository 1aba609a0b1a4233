package io.varve.database;

import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.IncidentId;
import io.varve.acquisition.model.Organisation;
import io.varve.evidence.Digest;
import io.varve.evidence.EvidenceKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The kept evidence items. The bytes, manifest and custody log lie in the object store under the same key.
public interface EvidenceItems {
    void insert(EvidenceItem item);

    Optional<EvidenceItem> find(EvidenceKey key);

    /// The sealed item that holds these bytes, references left out.
    Optional<EvidenceItem> byDigest(Organisation organisation, Digest sha256);

    /// Newest first; evidence of assets merged into this one too.
    List<EvidenceItem> ofAsset(AssetId asset);

    /// Newest first; also earlier evidence that a decision of this incident relied on.
    List<EvidenceItem> ofIncident(IncidentId incident);

    /// Newest first.
    List<EvidenceItem> newest(Organisation organisation, int limit);

    /// Items in this state of processing, oldest first: sealed ones only.
    List<EvidenceItem> in(EvidenceItem.Processing.State state, int limit);

    /// Says how many bytes have arrived.
    void received(EvidenceKey key, long size, int parts);

    /// Seals the item, or makes it a reference when these bytes are sealed already under another key. Doing it again
    /// changes nothing.
    ///
    /// @return the other key, when there is one
    Optional<EvidenceKey> sealed(EvidenceKey key, long size, Digest sha256, int parts, Instant at);

    /// Gives up an item that was never sealed.
    void discarded(EvidenceKey key);

    /// Begins a processing run: the state is RUNNING, its counts are zero.
    ///
    /// @return its number, from 1
    int begin(EvidenceKey key, Instant at);

    /// Says how far processing is. A cheap update; call it about once a second.
    void progress(EvidenceKey key, long events, long done, long total, String text);

    /// Ends processing as DONE or FAILED, or puts it back to WAITING.
    void processed(EvidenceKey key, EvidenceItem.Processing.State state, long events, String text, Instant at);

    /// Totals of the coverage ledger as a JSON object, kept so that pages need not read the ledger.
    void coverage(EvidenceKey key, String summary);

    Optional<String> coverage(EvidenceKey key);
}
