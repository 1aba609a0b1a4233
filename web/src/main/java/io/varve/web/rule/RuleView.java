package io.varve.web.rule;

import io.varve.acquisition.Channel;
import io.varve.acquisition.model.Organisation;
import io.varve.acquisition.model.Rule;
import io.varve.acquisition.model.RuleId;
import io.varve.web.Requests;
import io.varve.web.endpoint.ProfileNames;
import io.varve.web.problem.ProblemException;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A rule as clients see and send it. Sent without a member, the usual value is taken.
///
/// @param provider the first of the providers, or `auto`: for clients of the release before, and read when providers is
/// absent
public record RuleView(
        @Nullable String id,
        @Nullable String name,
        @Nullable Boolean enabled,
        @Nullable Integer position,
        @Nullable List<String> sources,
        @Nullable Integer minimumSeverity,
        @Nullable List<String> techniques,
        @Nullable String assetPattern,
        @Nullable List<String> providers,
        @Nullable String provider,
        @Nullable String profile,
        @Nullable String dedupeWindow,
        @Nullable Integer dailyBudget,
        @Nullable String patience,
        @Nullable String approval) {
    private static final Pattern TECHNIQUE = Pattern.compile("T\\d{4}(\\.\\d{3})?");
    private static final int MOST = 100;
    private static final int LARGEST_BUDGET = 100_000;
    private static final int LAST_POSITION = 10_000;
    private static final Duration LONGEST_WINDOW = Duration.ofDays(365);
    private static final Duration LONGEST_PATIENCE = Duration.ofDays(7);

    static RuleView of(Rule rule) {
        return new RuleView(
                rule.id().toString(),
                rule.name(),
                rule.enabled(),
                rule.position(),
                rule.sources(),
                rule.minimumSeverity(),
                rule.techniques(),
                rule.assetPattern(),
                rule.providers().isEmpty() ? List.of(Channel.AUTOMATIC) : rule.providers(),
                rule.providers().isEmpty()
                        ? Channel.AUTOMATIC
                        : rule.providers().getFirst(),
                rule.profile(),
                rule.dedupeWindow().toString(),
                rule.dailyBudget(),
                rule.patience().toString(),
                rule.approval().name().toLowerCase(Locale.ROOT));
    }

    Rule rule(RuleId known, Organisation organisation) {
        String collected = Requests.text(profile, "profile");
        List<String> channels = ProfileNames.providers(providers, provider);
        ProfileNames.require(collected, channels);
        return new Rule(
                known,
                organisation,
                Requests.text(name, "name"),
                enabled == null || enabled,
                between(position, 1, LAST_POSITION, 1, "position"),
                texts(sources, "sources"),
                between(minimumSeverity, 0, 100, 0, "minimumSeverity"),
                wellFormedTechniques(),
                Requests.given(assetPattern).isEmpty() ? "*" : Requests.text(assetPattern, "assetPattern"),
                channels,
                collected,
                duration(dedupeWindow, "PT1H", LONGEST_WINDOW, "dedupeWindow"),
                between(dailyBudget, 0, LARGEST_BUDGET, 20, "dailyBudget"),
                duration(patience, Rule.USUAL_PATIENCE.toString(), LONGEST_PATIENCE, "patience"),
                approvalWanted());
    }

    private List<String> wellFormedTechniques() {
        List<String> named = texts(techniques, "techniques");
        if (!named.stream().allMatch(technique -> TECHNIQUE.matcher(technique).matches())) {
            throw ProblemException.badRequest("techniques are written T1059 or T1059.004");
        }
        return named;
    }

    private Rule.Approval approvalWanted() {
        return switch (Requests.given(approval).orElse("none").toLowerCase(Locale.ROOT)) {
            case "none" -> Rule.Approval.NONE;
            case "required" -> Rule.Approval.REQUIRED;
            default -> throw ProblemException.badRequest("approval is none or required");
        };
    }

    private static Duration duration(@Nullable String given, String usual, Duration longest, String name) {
        try {
            Duration duration = Duration.parse(Requests.given(given).orElse(usual));
            if (duration.isNegative() || duration.compareTo(longest) > 0) {
                throw ProblemException.badRequest("%s must be between PT0S and %s".formatted(name, longest));
            }
            return duration;
        } catch (DateTimeException e) {
            throw ProblemException.badRequest(name + " is written as in PT1H");
        }
    }

    private static List<String> texts(@Nullable List<String> given, String name) {
        if (given == null) {
            return List.of();
        }
        if (given.size() > MOST) {
            throw ProblemException.badRequest(name + " has more than " + MOST);
        }
        return given.stream().map(text -> Requests.text(text, name)).toList();
    }

    private static int between(@Nullable Integer given, int least, int most, int usual, String name) {
        if (given == null) {
            return usual;
        }
        if (given < least || given > most) {
            throw ProblemException.badRequest("%s must be between %d and %d".formatted(name, least, most));
        }
        return given;
    }
}
