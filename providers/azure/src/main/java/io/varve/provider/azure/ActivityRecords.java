package io.varve.provider.azure;

import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.record.RecordSource;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// The activity log of a machine's resource group: what was done to the machine, and to its disks, network
/// interfaces and neighbours there. Records are as Azure sends them, the newest first.
///
/// @see <a href="https://learn.microsoft.com/rest/api/monitor/activity-logs/list">Activity logs</a>
record ActivityRecords(Cloud cloud, ResourceId machine, Clock clock) implements RecordSource {
    /// Azure keeps the log for 90 days, and refuses to be asked for more.
    private static final Duration KEPT = Duration.ofDays(90).minusMinutes(5);

    private static final int MOST_PAGES = 100_000;

    @Override
    public String path() {
        return "varve/cloud/azure/activity.jsonl";
    }

    @Override
    public String artifact() {
        return "AzureActivityLog";
    }

    @Override
    public void read(Window window, Lines lines) throws ProviderException, InterruptedException, IOException {
        URI page = first(window);
        for (int pages = 0; pages < MOST_PAGES; pages++) {
            var answer = RecordPage.of(cloud.page(page), "value", "nextLink", "the activity log");
            for (String record : answer.records()) {
                if (!lines.add(record)) {
                    return;
                }
            }
            if (answer.next().isEmpty()) {
                return;
            }
            page = cloud.next(answer.next(), "the activity log");
        }
        throw new ProviderException(Kind.REFUSED, "the activity log does not end");
    }

    private URI first(Window window) {
        Instant oldest = clock.instant().minus(KEPT);
        Instant from = window.from().isBefore(oldest) ? oldest : window.from();
        String filter = "eventTimestamp ge '%s' and eventTimestamp le '%s' and resourceGroupName eq '%s'"
                .formatted(
                        from.truncatedTo(ChronoUnit.MILLIS),
                        window.to().truncatedTo(ChronoUnit.MILLIS),
                        machine.group().replace("'", "''"));
        return URI.create(
                "%s/subscriptions/%s/providers/Microsoft.Insights/eventtypes/management/values?api-version=2015-04-01&$filter=%s"
                        .formatted(
                                cloud.settings().endpoint(),
                                machine.subscription(),
                                URLEncoder.encode(filter, StandardCharsets.UTF_8)
                                        .replace("+", "%20")));
    }
}
