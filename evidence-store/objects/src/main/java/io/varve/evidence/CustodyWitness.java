package io.varve.evidence;

import java.util.List;

/// A second place that remembers custody entries. The log beside the evidence is the one that counts; whoever cuts that
/// short is found out by what the witness has seen.
public interface CustodyWitness {
    /// Remembers an entry. Seeing it again changes nothing, and what was seen is never changed.
    void saw(CustodyEntry entry);

    /// The digests of the entries seen, by their numbers in order.
    List<Seen> seen(EvidenceKey evidence);

    /// @param sequence number of the entry
    record Seen(int sequence, Digest digest) {}

    /// Remembers nothing: for logs that are only read, and for tests.
    CustodyWitness NONE = new CustodyWitness() {
        @Override
        public void saw(CustodyEntry entry) {}

        @Override
        public List<Seen> seen(EvidenceKey evidence) {
            return List.of();
        }
    };
}
