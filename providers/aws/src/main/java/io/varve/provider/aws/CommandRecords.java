package io.varve.provider.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.provider.Pages;
import io.varve.provider.ProviderException;
import io.varve.provider.collector.record.RecordSource;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.ListCommandsResponse;

/// What was run on an instance over SSM, ours too, with its parameters. SSM keeps it for 30 days.
///
/// A line has fields of SSM's `Command` under SSM's names, with `InstanceId`, and `RequestedDateTime` as ISO 8601 text.
record CommandRecords(Place place, String instance, Asking asking) implements RecordSource {
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<String> FIELDS =
            List.of("CommandId", "DocumentName", "DocumentVersion", "Status", "StatusDetails", "Comment", "Parameters");

    @Override
    public String path() {
        return "varve/cloud/aws/ssm-commands.jsonl";
    }

    @Override
    public String artifact() {
        return "AwsSsmCommands";
    }

    @Override
    public void read(Window window, Lines lines) throws ProviderException, InterruptedException, IOException {
        var raw = new RawAnswers();
        Pages pages = Asking.pages("listing commands of " + instance);
        String next = null;
        try (SsmClient ssm = place.once(SsmClient.builder(), raw).build()) {
            do {
                @Nullable String token = next;
                ListCommandsResponse page = asking.call(
                        "listing commands of " + instance,
                        () -> ssm.listCommands(request ->
                                request.instanceId(instance).maxResults(50).nextToken(token)));
                for (int i = 0; i < page.commands().size(); i++) {
                    Instant at = page.commands().get(i).requestedDateTime();
                    boolean inTime = at == null || (!at.isBefore(window.from()) && at.isBefore(window.to()));
                    if (inTime && !lines.add(line(raw.last().path("Commands").path(i), at))) {
                        return;
                    }
                }
                next = page.nextToken();
            } while (pages.hasNext(next));
        }
    }

    private String line(JsonNode command, @Nullable Instant at) {
        ObjectNode line = JSON.createObjectNode().put("InstanceId", instance);
        if (at != null) {
            line.put("RequestedDateTime", at.toString());
        }
        for (String field : FIELDS) {
            if (command.hasNonNull(field)) {
                line.set(field, command.get(field));
            }
        }
        return line.toString();
    }
}
