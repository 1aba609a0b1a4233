package io.varve.provider.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.provider.Pages;
import io.varve.provider.ProviderException;
import io.varve.provider.collector.record.RecordSource;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;

/// What was written to a log group of CloudWatch Logs, or to one stream of it: an event a line as
/// FilterLogEvents sends it, with `logGroupName`.
///
/// Functions may share a group with others, whose lines are there too; containers have a stream each.
record GroupLog(Place place, String group, Optional<String> stream, Asking asking) implements RecordSource {
    static final String FOLDER = "varve/cloud/aws/cloudwatch/";
    static final String ARTIFACT = "AwsCloudWatchLogs";

    private static final int MOST_IN_A_PAGE = 10_000;

    /// Names of groups have slashes; neither `~` nor `=` is in them.
    @Override
    public String path() {
        return FOLDER + plain(group) + stream.map(name -> "=" + plain(name)).orElse("") + ".jsonl";
    }

    private static String plain(String name) {
        return name.replaceAll("[^A-Za-z0-9._#-]", "~");
    }

    @Override
    public String artifact() {
        return ARTIFACT;
    }

    @Override
    public void read(Window window, Lines lines) throws ProviderException, InterruptedException, IOException {
        var raw = new RawAnswers();
        Pages pages = Asking.pages("reading log group " + group);
        String next = null;
        try (CloudWatchLogsClient logs =
                place.once(CloudWatchLogsClient.builder(), raw).build()) {
            do {
                @Nullable String token = next;
                next = asking.call(
                                "reading log group " + group,
                                () -> Optional.ofNullable(logs.filterLogEvents(request -> request.logGroupName(group)
                                                .logStreamNames(
                                                        stream.map(List::of).orElse(null))
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
            } while (pages.hasNext(next));
        }
    }
}
