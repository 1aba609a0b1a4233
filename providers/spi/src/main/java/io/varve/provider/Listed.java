package io.varve.provider;

import io.varve.provider.Inventory.Found;
import io.varve.provider.Inventory.Listing;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What one listing hands over: each thing once, and no more and no longer words than anybody reads.
public final class Listed {
    public static final int MOST = 100_000;
    private static final int MOST_TAGS = 50;
    private static final int LONGEST = 256;

    private final Listing listing;
    private final Set<String> ids = new HashSet<>();
    private boolean hasAnswer;
    private boolean isFull;
    private Optional<ProviderException> trouble = Optional.empty();

    public Listed(Listing listing) {
        this.listing = listing;
    }

    public void found(Found found) {
        if (isFull || ids.contains(found.id())) {
            return;
        }
        if (ids.size() == MOST) {
            isFull = true;
            // the place of all: nothing anywhere is taken to be gone
            gap("", "100,000 were found; what comes after them is not listed");
            return;
        }
        ids.add(found.id());
        listing.found(new Found(
                found.id(),
                cut(found.name()),
                found.hostName().map(Listed::cut),
                found.kind(),
                cut(found.place()),
                found.platform(),
                cut(found.state()),
                found.startedAt(),
                cut(found.tags()),
                found.ephemeral().map(Listed::cut)));
    }

    private static Map<String, String> cut(Map<String, String> tags) {
        var kept = new LinkedHashMap<String, String>();
        tags.entrySet().stream()
                .limit(MOST_TAGS)
                .forEach(tag -> kept.putIfAbsent(cut(tag.getKey()), cut(tag.getValue())));
        return kept;
    }

    /// Never between the two halves of a character.
    private static String cut(String text) {
        if (text.length() <= LONGEST) {
            return text;
        }
        return text.substring(0, Character.isHighSurrogate(text.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST);
    }

    public void gap(String place, String reason) {
        listing.gap(cut(place), reason);
    }

    /// A place that refused as a whole.
    public void refused(String place, ProviderException e) {
        trouble = trouble.or(() -> Optional.of(e));
        gap(place, e.reason());
    }

    /// A place was listed to its end, with whatever is there.
    public void answered() {
        hasAnswer = true;
    }

    /// Whether nothing more is taken.
    public boolean isFull() {
        return isFull;
    }

    /// @throws ProviderException the first refusal, when nothing but refusals came
    public void expectAnswer() throws ProviderException {
        if (!hasAnswer && ids.isEmpty() && trouble.isPresent()) {
            throw trouble.get();
        }
    }
}
