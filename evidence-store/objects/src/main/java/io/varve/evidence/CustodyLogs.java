package io.varve.evidence;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/// The custody logs of all evidence in a store, with the witness who sees every entry.
public record CustodyLogs(ObjectStore store, CustodyWitness witness, Clock clock) {
    public CustodyLog of(EvidenceKey evidence) {
        return new CustodyLog(store, evidence, clock, witness);
    }

    /// Holds a log against what the witness has seen. Entries the witness missed (a crash between the two) are shown to
    /// it now.
    ///
    /// @return what does not fit, in words
    public List<String> compare(EvidenceKey evidence) throws IOException {
        List<CustodyEntry> entries = of(evidence).entries();
        var problems = new ArrayList<String>();
        int seenSoFar = 0;
        for (CustodyWitness.Seen seen : witness.seen(evidence)) {
            seenSoFar = Math.max(seenSoFar, seen.sequence());
            if (seen.sequence() > entries.size()) {
                problems.add("custody entry %d was written and is not in the log any more".formatted(seen.sequence()));
            } else if (!entries.get(seen.sequence() - 1).digest().equals(seen.digest())) {
                problems.add("custody entry %d is not the one that was written".formatted(seen.sequence()));
            }
        }
        for (CustodyEntry missed : entries.subList(Math.min(seenSoFar, entries.size()), entries.size())) {
            witness.saw(missed);
        }
        return problems;
    }
}
