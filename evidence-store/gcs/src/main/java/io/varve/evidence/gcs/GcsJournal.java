package io.varve.evidence.gcs;

import io.varve.evidence.Digest;
import io.varve.evidence.ObjectStore.Part;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where the parts of an upload lie until they are composed: objects below `organisation/.varve-uploads/rest-of-name/`,
/// named `part-number-offset-size-sha256`, so the list of them is the journal; and, written before the object is made
/// and kept after it, the list of all parts as `organisation/.varve-done/rest-of-name`.
record GcsJournal(String folder, String done) {
    private static final String UPLOADS = ".varve-uploads/";
    private static final String DONE = ".varve-done/";
    private static final Pattern PART = Pattern.compile("part-(\\d{1,9})-(\\d{1,18})-(\\d{1,18})-([0-9a-f]{64})");

    static GcsJournal of(String name) {
        int first = name.indexOf('/') + 1;
        String organisation = name.substring(0, first);
        String rest = name.substring(first);
        return new GcsJournal(organisation + UPLOADS + rest + "/", organisation + DONE + rest);
    }

    String key(Part part) {
        return "%spart-%06d-%d-%d-%s".formatted(folder, part.number(), part.offset(), part.size(), part.sha256());
    }

    /// What is composed on the way to the object.
    String between(int level, int index) {
        return "%sbetween-%d-%06d".formatted(folder, level, index);
    }

    Optional<Part> part(String key) throws IOException {
        Matcher file = PART.matcher(key.substring(folder.length()));
        if (!file.matches()) {
            return Optional.empty();
        }
        return Optional.of(new Part(
                Integer.parseInt(file.group(1)),
                Long.parseLong(file.group(2)),
                Long.parseLong(file.group(3)),
                new Digest(file.group(4))));
    }

    /// Whether a key is a journal's, not an object's.
    static boolean holds(String key) {
        return key.startsWith(".") || key.contains("/" + UPLOADS) || key.contains("/" + DONE);
    }

    /// The prefix of all uploads of an organisation.
    ///
    /// @param organisation empty, or ending in `/`
    static String uploads(String organisation) {
        return organisation + UPLOADS;
    }
}
