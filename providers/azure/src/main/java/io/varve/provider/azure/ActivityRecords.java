package io.varve.provider.azure;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
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
import java.util.ArrayList;
import java.util.List;

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
            var answer = Answer.of(cloud.page(page));
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

    /// A page: what stands between the brackets of `value`, cut out of what was sent, and where the next
    /// page is.
    record Answer(List<String> records, String next) {
        private static final JsonFactory JSON = new JsonFactory();

        static Answer of(byte[] sent) throws ProviderException {
            String text = new String(sent, StandardCharsets.UTF_8);
            var records = new ArrayList<String>();
            String next = "";
            try (JsonParser parser = JSON.createParser(text)) {
                parser.nextToken();
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    String name = parser.currentName();
                    JsonToken value = parser.nextToken();
                    if (name.equals("value") && value == JsonToken.START_ARRAY) {
                        cut(text, parser, records);
                    } else if (name.equals("nextLink") && value == JsonToken.VALUE_STRING) {
                        next = parser.getText();
                    } else {
                        parser.skipChildren();
                    }
                }
            } catch (IOException e) {
                throw new ProviderException(Kind.FAILED, "a page of the activity log is not JSON");
            }
            return new Answer(records, next);
        }

        private static void cut(String text, JsonParser parser, List<String> records) throws IOException {
            for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
                if (token == null) {
                    throw new IOException("the page ends in the middle");
                }
                int from = (int) parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                records.add(oneLine(
                        text.substring(from, (int) parser.currentLocation().getCharOffset())));
            }
        }

        /// Line ends stand between the parts of JSON only.
        private static String oneLine(String json) {
            return json.replace("\r", "").replace('\n', ' ');
        }
    }
}
