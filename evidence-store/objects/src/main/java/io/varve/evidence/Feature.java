package io.varve.evidence;

/// What an object store's target may or may not do by itself.
public enum Feature {
    /// Of several writers of one name at the same time, one succeeds.
    CONDITIONAL_CREATE,
    /// An upload cannot be completed onto a name that was taken meanwhile.
    CONDITIONAL_COMPLETE,
    /// The target refuses bytes whose SHA-256 is not the one announced.
    DIGESTS_CHECKED,
    /// The target keeps SHA-256 digests of parts and tells them.
    DIGESTS_KEPT,
    /// The target refuses requests that are not signed with the key.
    SIGNATURES_CHECKED,
    /// The target refuses to remove what is retained.
    RETENTION,
    /// The target refuses to remove what is on legal hold.
    LEGAL_HOLD,
    /// The target keeps what an overwritten or removed name held before.
    VERSIONS
}
