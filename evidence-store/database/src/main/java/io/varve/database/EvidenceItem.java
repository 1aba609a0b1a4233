package io.varve.database;

import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.CaptureId;
import io.varve.evidence.Digest;
import io.varve.evidence.EvidenceKey;
import java.time.Instant;
import java.util.Optional;

/// One evidence item: bytes that are being captured, sealed, or given up.
///
/// @param size bytes so far, and all of them once sealed
/// @param sha256 digest of the whole, once sealed
/// @param sameBytesAs the evidence that already held exactly these bytes; this item is a reference to it
/// @param run number of the newest processing run, 0 before the first
public record EvidenceItem(
        EvidenceKey key,
        AssetId asset,
        String provider,
        String profile,
        CaptureId capture,
        State state,
        long size,
        Optional<Digest> sha256,
        int parts,
        Instant createdAt,
        Optional<Instant> sealedAt,
        Optional<EvidenceKey> sameBytesAs,
        int run,
        Processing processing) {
    public enum State {
        CAPTURING,
        SEALED,
        DISCARDED,
        /// Its bytes were deleted by policy; manifest and custody log are kept.
        DELETED
    }

    /// A new item whose capture has just been requested.
    public static EvidenceItem minted(
            EvidenceKey key, AssetId asset, String provider, String profile, CaptureId capture, Instant at) {
        return new EvidenceItem(
                key,
                asset,
                provider,
                profile,
                capture,
                State.CAPTURING,
                0,
                Optional.empty(),
                0,
                at,
                Optional.empty(),
                Optional.empty(),
                0,
                Processing.WAITING);
    }

    /// How far the evidence has become a timeline.
    ///
    /// @param events searchable so far
    /// @param text what is happening, or why it ended as it did
    /// @param done how much of the work is done, of `total`; `total` 0 when unknown
    public record Processing(
            State state,
            long events,
            String text,
            long done,
            long total,
            Optional<Instant> startedAt,
            Optional<Instant> endedAt) {
        public static final Processing WAITING =
                new Processing(State.WAITING, 0, "", 0, 0, Optional.empty(), Optional.empty());

        public enum State {
            WAITING,
            RUNNING,
            DONE,
            FAILED
        }
    }
}
