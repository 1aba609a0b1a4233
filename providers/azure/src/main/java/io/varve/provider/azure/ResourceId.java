package io.varve.provider.azure;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name of a compute resource: `/subscriptions/…/resourceGroups/…/providers/Microsoft.Compute/{type}/{name}`. Azure
/// does not tell letter cases apart in it.
record ResourceId(String subscription, String group, String type, String name) {
    private static final Pattern FORM = Pattern.compile(
            "(?i)/subscriptions/([^/?#]{1,100})/resourceGroups/([^/?#]{1,100})/providers/Microsoft\\.Compute/([a-z]{1,40})/([^/?#]{1,100})");

    static Optional<ResourceId> of(String text) {
        Matcher form = FORM.matcher(text.strip());
        return form.matches()
                ? Optional.of(new ResourceId(form.group(1), form.group(2), form.group(3), form.group(4)))
                : Optional.empty();
    }

    static ResourceId required(String text) {
        return of(text).orElseThrow(() -> new IllegalArgumentException("no resource of Azure's: " + text));
    }

    boolean isMachine() {
        return type.equalsIgnoreCase("virtualMachines");
    }

    String key() {
        return toString().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return "/subscriptions/%s/resourceGroups/%s/providers/Microsoft.Compute/%s/%s"
                .formatted(subscription, group, type, name);
    }
}
