package io.varve.acquisition.source;

import io.varve.acquisition.model.NormalisedAlert;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// SentinelOne activities that announce a threat or an alert; a relay may have changed the letter case of their names.
/// The same log holds everything else people and agents do.
final class SentinelOneActivity {
    /// A threat was found: mitigated, new malicious, blocked before it ran, new suspicious, by STAR's active response,
    /// by threat intelligence, by a watchtower in the cloud.
    private static final Set<Long> THREATS = Set.of(18L, 19L, 20L, 4003L, 4107L, 4110L, 4111L);

    /// A custom rule matched.
    private static final Set<Long> ALERTS = Set.of(3608L, 3784L);

    private SentinelOneActivity() {}

    static NormalisedAlert read(Fields activity, Instant received) throws UnreadableAlertException {
        long type = activity.integer("activityType").orElse(-1L);
        if (ALERTS.contains(type)) {
            return SentinelOneStar.activity(activity, received);
        }
        if (THREATS.contains(type)) {
            return threat(activity, received);
        }
        throw new UnreadableAlertException(
                "not an alert: SentinelOne activity of type %d announces none".formatted(type));
    }

    private static NormalisedAlert threat(Fields activity, Instant received) {
        Fields data = activity.object("data");
        Optional<String> classification = data.name("threatClassification");
        var draft = new Draft(activity.node(), received)
                .id(activity.name("threatId"))
                .title(SentinelOneThreat.title(data.name("fileDisplayName"), classification)
                        .or(() -> activity.name("primaryDescription")))
                .description(activity.text("primaryDescription"))
                .category(classification)
                .severity(Optional.of(SentinelOneThreat.severity(data.name("confidenceLevel"), classification)))
                .seen(activity.time("createdAt"), activity.time("createdAt"));
        draft.host(new HostDraft()
                .name(data.name("computerName"))
                .agent(SentinelOne.AGENT, SentinelOne.agent(activity.name("agentId"), data.name("uuid")))
                .os(activity.name("osFamily")));
        draft.found()
                .file(data.text("filePath"), data.name("fileDisplayName"), Fields.hashes(data.name("fileContentHash")));
        return draft.alert("SentinelOne threat");
    }
}
