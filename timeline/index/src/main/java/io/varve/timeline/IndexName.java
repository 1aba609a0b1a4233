package io.varve.timeline;

import java.util.regex.Pattern;

/// Names one index: what one run of processing made of one evidence item.
///
/// @param organisation the tenant, e.g. `main`
/// @param evidence the part of the evidence key after the organisation, `ev-…`
/// @param run the processing run, lower-case letters, digits and dashes
public record IndexName(String organisation, String evidence, String run) {
    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    /// @throws IllegalArgumentException when a part is not a plain name, so none can leave the store's folder
    public IndexName {
        for (String part : new String[] {organisation, evidence, run}) {
            if (!FORM.matcher(part).matches()) {
                throw new IllegalArgumentException("not a name: " + part);
            }
        }
    }

    @Override
    public String toString() {
        return organisation + "/" + evidence + "/" + run;
    }
}
