package io.varve.provider.aws;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.provider.Pages;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.record.RecordSource;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.guardduty.GuardDutyClient;
import software.amazon.awssdk.services.guardduty.model.Condition;
import software.amazon.awssdk.services.guardduty.model.ListFindingsResponse;

/// GuardDuty's findings about an instance or a function, archived ones too, as GuardDuty sends them. It keeps
/// them for 90 days.
///
/// @param criterion of GuardDuty's filters, that names what the finding is about
record FindingRecords(Place place, String criterion, String named, Asking asking) implements RecordSource {
    static final String INSTANCE = "resource.instanceDetails.instanceId";
    static final String FUNCTION = "resource.lambdaDetails.functionName";

    private static final int IN_A_PAGE = 50;

    @Override
    public String path() {
        return "varve/cloud/aws/guardduty.jsonl";
    }

    @Override
    public String artifact() {
        return "AwsGuardDuty";
    }

    @Override
    public void read(Window window, Lines lines) throws ProviderException, InterruptedException, IOException {
        var raw = new RawAnswers();
        try (GuardDutyClient client = place.once(GuardDutyClient.builder(), raw).build()) {
            List<String> detectors = asking.call(
                    "looking for GuardDuty in " + place.text(),
                    () -> client.listDetectors().detectorIds());
            if (detectors.isEmpty()) {
                throw new ProviderException(Kind.NOT_FOUND, "GuardDuty is off in " + place.text());
            }
            for (String detector : detectors) {
                if (!read(client, raw, detector, window, lines)) {
                    return;
                }
            }
        }
    }

    private boolean read(GuardDutyClient client, RawAnswers raw, String detector, Window window, Lines lines)
            throws ProviderException, InterruptedException, IOException {
        Map<String, Condition> wanted = Map.of(
                criterion,
                Condition.builder().equalsValue(named).build(),
                "updatedAt",
                Condition.builder()
                        .greaterThanOrEqual(window.from().toEpochMilli())
                        .build());
        Pages pages = Asking.pages("listing findings about " + named);
        String next = null;
        do {
            @Nullable String token = next;
            ListFindingsResponse page = asking.call(
                    "listing findings about " + named,
                    () -> client.listFindings(request -> request.detectorId(detector)
                            .findingCriteria(criteria -> criteria.criterion(wanted))
                            .maxResults(IN_A_PAGE)
                            .nextToken(token)));
            if (!page.findingIds().isEmpty()) {
                asking.call(
                        "reading findings about " + named,
                        () -> client.getFindings(
                                request -> request.detectorId(detector).findingIds(page.findingIds())));
                for (JsonNode finding : raw.last().path("findings")) {
                    if (!lines.add(finding.toString())) {
                        return false;
                    }
                }
            }
            next = page.nextToken();
        } while (pages.hasNext(next));
        return true;
    }
}
