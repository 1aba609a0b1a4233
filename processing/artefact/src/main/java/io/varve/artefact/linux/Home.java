package io.varve.artefact.linux;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Home folders: whose they are, by their path.
final class Home {
    private static final Pattern USERS = Pattern.compile("(?:.*/)?(?:home|Users)/([^/]+)/.*");
    private static final Pattern ROOT = Pattern.compile("(?:.*/)?(?:var/)?root/.*");

    private Home() {}

    /// The user whose home holds the file; empty for files elsewhere.
    static Optional<String> owner(String path) {
        Matcher user = USERS.matcher(path);
        if (user.matches()) {
            return Optional.of(user.group(1));
        }
        return ROOT.matcher(path).matches() ? Optional.of("root") : Optional.empty();
    }
}
