package io.varve.acquisition.source;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// ATT&CK tactics, in the spelling of ATT&CK's own data: `command-and-control`. Vendors' own tactics are none.
final class Tactics {
    private static final Pattern CASE_CHANGE = Pattern.compile("(?<=[a-z])(?=[A-Z])");
    private static final Pattern SEPARATOR = Pattern.compile("[\\s_-]+");

    private static final Set<String> KNOWN = Set.of(
            "reconnaissance",
            "resource-development",
            "initial-access",
            "execution",
            "persistence",
            "privilege-escalation",
            "defense-evasion",
            "credential-access",
            "discovery",
            "lateral-movement",
            "collection",
            "command-and-control",
            "exfiltration",
            "impact");

    private static final Map<String, String> OTHER_SPELLINGS = Map.of(
            "defence-evasion",
            "defense-evasion",
            "commandandcontrol",
            "command-and-control",
            "c2",
            "command-and-control");

    private Tactics() {}

    /// `Credential Access`, `CredentialAccess`, `CREDENTIAL_ACCESS`: all the same tactic.
    static Optional<String> named(String text) {
        String words = CASE_CHANGE.matcher(text.strip()).replaceAll("-");
        String slug = SEPARATOR.matcher(words).replaceAll("-").toLowerCase(Locale.ROOT);
        return Optional.of(OTHER_SPELLINGS.getOrDefault(slug, slug)).filter(KNOWN::contains);
    }
}
