package io.varve.provider.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.provider.ProviderException;
import io.varve.provider.collector.record.RecordSource;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;

/// What was written to a log group of CloudWatch Logs: an event a line as FilterLogEvents sends it, with
/// `logGroupName`.
///
/// A function may share its group with others, whose lines are there too.
record FunctionLog(Place place, String group, Asking asking) implements RecordSource {
    private static final int MOST_IN_A_PAGE = 10_000;

    /// Names of groups have slashes; no `~` is in them.
    @Override
    public String path() {
        return "varve/cloud/aws/cloudwatch/%s.jsonl".formatted(group.replaceAll("[^A-Za-z0-9._#-]", "~"));
    }

    @Override
    public String artifact() {
        return "AwsCloudWatchLogs";
    }

    @Override
    public void read(Window window, Lines lines) throws ProviderException, InterruptedException, IOException {
        var raw = new RawAnswers();
        String next = null;
        try (CloudWatchLogsClient logs =
                place.once(CloudWatchLogsClient.builder(), raw).build()) {
            do {
                @Nullable String token = next;
                next = asking.call(
                                "reading log group " + group,
                                () -> Optional.ofNullable(logs.filterLogEvents(request -> request.logGroupName(group)
                                                .startTime(window.from().toEpochMilli())
                                                .endTime(window.to().toEpochMilli() - 1)
                                                .limit(MOST_IN_A_PAGE)
                                                .nextToken(token))
                                        .nextToken()))
                        .orElse(null);
                for (JsonNode event : raw.last().path("events")) {
                    if (event instanceof ObjectNode record
                            && !lines.add(record.put("logGroupName", group).toString())) {
                        return;
                    }
                }
            } while (next != null && !next.isEmpty());
        }
    }
}
