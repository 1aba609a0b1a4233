package io.varve.evidence;

import java.util.ArrayList;
import java.util.List;

/// What does not fit in a package, in words. They may hold what the package says: one line each, cut, without control
/// characters; and a package cannot make endless ones.
final class Problems {
    private static final int LONGEST = 500;
    private static final int MOST = 10_000;

    private final List<String> found = new ArrayList<>();

    void add(String text) {
        if (found.size() >= MOST) {
            return;
        }
        String cut = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
        found.add(cut.replaceAll("[\\p{Cntrl}\\u0080-\\u009f\\u202a-\\u202e\\u2066-\\u2069]", "?"));
    }

    int count() {
        return found.size();
    }

    List<String> all() {
        return List.copyOf(found);
    }
}
