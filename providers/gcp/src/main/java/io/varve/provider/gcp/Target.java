package io.varve.provider.gcp;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How an instance is named: in full, as Security Command Center does; by its number; or by its name.
///
/// @param instance name or number
record Target(Optional<String> project, Optional<String> zone, String instance) {
    private static final Pattern FULL =
            Pattern.compile("(?:https?:)?(?://[a-z.]+\\.googleapis\\.com)?/?(?:compute/v1/)?"
                    + "projects/([a-z0-9.:-]{1,80})/zones/([a-z0-9-]{1,60})/instances/([a-z0-9-]{1,63})");
    private static final Pattern BARE = Pattern.compile("[a-z0-9-]{1,63}");

    /// Empty when the text is no name of an instance.
    static Optional<Target> of(String text) {
        Matcher full = FULL.matcher(text.strip());
        if (full.matches()) {
            return Optional.of(new Target(Optional.of(full.group(1)), Optional.of(full.group(2)), full.group(3)));
        }
        return BARE.matcher(text.strip()).matches()
                ? Optional.of(new Target(Optional.empty(), Optional.empty(), text.strip()))
                : Optional.empty();
    }

    boolean isNumber() {
        return instance.matches("\\d+");
    }

    /// A filter of Compute Engine.
    String filter() {
        return isNumber() ? "id=" + instance : "name=" + instance;
    }
}
