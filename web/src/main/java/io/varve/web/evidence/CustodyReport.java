package io.varve.web.evidence;

import io.varve.database.Care;
import io.varve.evidence.CustodyEntry;
import io.varve.evidence.Manifest;
import io.varve.evidence.ObjectStore;
import io.varve.evidence.PublicKeys;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/// The chain of custody on paper: what the evidence is, who did what with it, and what to hold against each other.
///
/// @param printedBy who asked for it
record CustodyReport(
        Manifest manifest, List<CustodyEntry> entries, PublicKeys keys, Care.Kept care, String printedBy, Instant at) {
    private static final int MOST_PARTS = 200;

    byte[] pdf() throws IOException {
        String id = manifest.evidence().id();
        try (var text = new PdfText()) {
            text.title("Chain of custody");
            evidence(text, id);
            text.heading("Who did what (%d entries)".formatted(entries.size()));
            for (CustodyEntry entry : entries) {
                entry(text, entry);
            }
            keys(text);
            parts(text);
            text.heading("To check this");
            text.plain(
                    "Each entry's digest is the SHA-256 of its canonical JSON (RFC 8785), which holds the digest of the"
                            + " entry before. An exported package is checked without this installation by: varve verify"
                            + " " + id
                            + ".tar --trust FINGERPRINT, with a fingerprint printed above; docs/verify.md has the same"
                            + " check in Python. The digest and number of the last entry here are those the package"
                            + " has at this time.");
            return text.finish("Custody of %s, printed by %s at %s".formatted(id, printedBy, at));
        }
    }

    private void evidence(PdfText text, String id) throws IOException {
        Manifest.Content object = manifest.object();
        text.plain("Evidence " + id + " of organisation " + manifest.evidence().organisation());
        text.code("SHA-256 " + object.sha256());
        text.plain("%d bytes in %d parts, %s"
                .formatted(object.size(), object.parts().size(), object.mediaType()));
        text.plain("Captured from %s by %s, profile %s"
                .formatted(manifest.asset(), manifest.provider(), manifest.profile()));
        text.plain("Capture began %s, sealed %s".formatted(manifest.captureStarted(), manifest.sealed()));
        if (manifest.sameBytesAs().isPresent()) {
            text.plain("The same bytes as " + manifest.sameBytesAs().get());
        }
        text.plain(care.hold()
                .map(hold -> "Legal hold by %s since %s: %s".formatted(hold.by(), hold.at(), hold.reason()))
                .orElse("No legal hold"));
        text.plain(care.checkedAt().map(when -> "Last read back " + when).orElse("Not read back since it was sealed")
                + care.problem().map(problem -> ": NOT AS SEALED, " + problem).orElse(""));
    }

    private static void entry(PdfText text, CustodyEntry entry) throws IOException {
        text.bold("%d  %s  %s  by %s".formatted(entry.sequence(), entry.at(), entry.action(), entry.actor()));
        if (!entry.detail().isEmpty()) {
            text.indented(entry.detail());
        }
        if (entry.lineage().isPresent()) {
            text.indented(entry.lineage().get().toString());
        }
        text.code("digest   " + entry.digest());
        text.code("previous " + entry.previous());
    }

    private void keys(PdfText text) throws IOException {
        text.heading("Keys (Ed25519, SHA-256 fingerprints)");
        for (PublicKeys.Key key : keys.keys()) {
            text.code(key.fingerprint().hex());
            text.indented("since %s%s"
                    .formatted(
                            key.since(),
                            key.retired().map(when -> ", retired " + when).orElse(", signs now")));
        }
    }

    private void parts(PdfText text) throws IOException {
        List<ObjectStore.Part> parts = manifest.object().parts();
        text.heading("Parts");
        for (ObjectStore.Part part : parts.subList(0, Math.min(parts.size(), MOST_PARTS))) {
            text.code("%d  %d+%d  %s".formatted(part.number(), part.offset(), part.size(), part.sha256()));
        }
        if (parts.size() > MOST_PARTS) {
            text.plain("and %d more, in the manifest".formatted(parts.size() - MOST_PARTS));
        }
    }
}
