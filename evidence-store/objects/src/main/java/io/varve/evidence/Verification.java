package io.varve.evidence;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a check of one evidence package found.
///
/// @param problems everything that does not fit, in words; empty when the package is consistent
/// @param signer fingerprint of the key that signed the newest checkpoint
/// @param pinned whether that signer is one the caller trusts; false when the caller named none
/// @param bytes evidence bytes read and hashed
/// @param entries custody entries checked
/// @param unsignedEntries entries after the newest checkpoint: chained, not signed yet
/// @param exported whether it is an exported package, whose list of contents is signed too
/// @param deleted when the bytes were deleted by policy, as the signed log says; then they are not there to be checked
/// @param head digest of the last custody entry: with the count, what to compare with what the installation shows
public record Verification(
        List<String> problems,
        Optional<Digest> signer,
        boolean pinned,
        long bytes,
        int entries,
        int unsignedEntries,
        boolean exported,
        Optional<Instant> deleted,
        Optional<Digest> head) {
    public boolean consistent() {
        return problems.isEmpty();
    }
}
