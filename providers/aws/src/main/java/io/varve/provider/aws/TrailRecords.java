package io.varve.provider.aws;

import io.varve.provider.ProviderException;
import io.varve.provider.collector.record.RecordSource;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudtrail.model.Event;
import software.amazon.awssdk.services.cloudtrail.model.LookupAttribute;
import software.amazon.awssdk.services.cloudtrail.model.LookupAttributeKey;
import software.amazon.awssdk.services.cloudtrail.model.LookupEventsResponse;

/// Management events of CloudTrail about an instance, and those that its own credentials made: the session of an
/// instance's role is named after the instance. CloudTrail keeps them for 90 days, trail or no trail.
record TrailRecords(Place place, String instance, Asking asking) implements RecordSource {
    private static final List<LookupAttributeKey> BY =
            List.of(LookupAttributeKey.RESOURCE_NAME, LookupAttributeKey.USERNAME);

    @Override
    public String path() {
        return "varve/cloud/aws/cloudtrail.jsonl";
    }

    @Override
    public String artifact() {
        return "AwsCloudTrail";
    }

    @Override
    public void read(Window window, Lines lines) throws ProviderException, InterruptedException, IOException {
        Set<String> seen = new HashSet<>();
        try (CloudTrailClient trail = place.once(CloudTrailClient.builder()).build()) {
            for (LookupAttributeKey by : BY) {
                if (!read(trail, by, window, lines, seen)) {
                    return;
                }
            }
        }
    }

    private boolean read(CloudTrailClient trail, LookupAttributeKey by, Window window, Lines lines, Set<String> seen)
            throws ProviderException, InterruptedException, IOException {
        String next = null;
        do {
            @Nullable String token = next;
            LookupEventsResponse page = asking.call(
                    "looking up events of CloudTrail about " + instance,
                    () -> trail.lookupEvents(request -> request.startTime(window.from())
                            .endTime(window.to())
                            .maxResults(50)
                            .nextToken(token)
                            .lookupAttributes(LookupAttribute.builder()
                                    .attributeKey(by)
                                    .attributeValue(instance)
                                    .build())));
            for (Event event : page.events()) {
                String record = Optional.ofNullable(event.cloudTrailEvent()).orElse("");
                if (seen.add(event.eventId()) && !record.isBlank() && !lines.add(oneLine(record))) {
                    return false;
                }
            }
            next = page.nextToken();
        } while (next != null && !next.isEmpty());
        return true;
    }

    /// Line ends inside JSON stand between its parts only.
    static String oneLine(String json) {
        return json.replace("\r", "").replace('\n', ' ');
    }
}
