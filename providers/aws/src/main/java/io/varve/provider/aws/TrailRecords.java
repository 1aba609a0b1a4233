package io.varve.provider.aws;

import io.varve.provider.Pages;
import io.varve.provider.ProviderException;
import io.varve.provider.collector.record.RecordSource;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudtrail.CloudTrailClient;
import software.amazon.awssdk.services.cloudtrail.model.Event;
import software.amazon.awssdk.services.cloudtrail.model.LookupAttribute;
import software.amazon.awssdk.services.cloudtrail.model.LookupAttributeKey;
import software.amazon.awssdk.services.cloudtrail.model.LookupEventsResponse;

/// Management events of CloudTrail about an instance, a function or a task, and those that its own credentials
/// made: the session of its role is named after it. CloudTrail keeps them for 90 days, trail or no trail.
///
/// @param about names and addresses of it as a resource
/// @param session name of its role's session
record TrailRecords(Place place, List<String> about, String session, Asking asking) implements RecordSource {

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
            for (LookupAttribute question : questions()) {
                if (!read(trail, question, window, lines, seen)) {
                    return;
                }
            }
        }
    }

    /// One of them at a time is all that CloudTrail takes.
    private List<LookupAttribute> questions() {
        return Stream.concat(
                        about.stream().map(name -> question(LookupAttributeKey.RESOURCE_NAME, name)),
                        Stream.of(question(LookupAttributeKey.USERNAME, session)))
                .toList();
    }

    private static LookupAttribute question(LookupAttributeKey by, String value) {
        return LookupAttribute.builder().attributeKey(by).attributeValue(value).build();
    }

    private boolean read(CloudTrailClient trail, LookupAttribute question, Window window, Lines lines, Set<String> seen)
            throws ProviderException, InterruptedException, IOException {
        Pages pages = Asking.pages("looking up events of CloudTrail about " + session);
        String next = null;
        do {
            @Nullable String token = next;
            LookupEventsResponse page = asking.call(
                    "looking up events of CloudTrail about " + session,
                    () -> trail.lookupEvents(request -> request.startTime(window.from())
                            .endTime(window.to())
                            .maxResults(50)
                            .nextToken(token)
                            .lookupAttributes(question)));
            for (Event event : page.events()) {
                String record = Optional.ofNullable(event.cloudTrailEvent()).orElse("");
                if (seen.add(event.eventId()) && !record.isBlank() && !lines.add(oneLine(record))) {
                    return false;
                }
            }
            next = page.nextToken();
        } while (pages.hasNext(next));
        return true;
    }

    /// Line ends inside JSON stand between its parts only.
    static String oneLine(String json) {
        return json.replace("\r", "").replace('\n', ' ');
    }
}
