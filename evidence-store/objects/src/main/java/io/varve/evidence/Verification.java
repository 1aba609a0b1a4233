package io.varve.evidence;

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
public record Verification(
        List<String> problems, Optional<Digest> signer, boolean pinned, long bytes, int entries, int unsignedEntries) {
    public boolean consistent() {
        return problems.isEmpty();
    }
}
