package io.varve.provider.aws;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.record.RecordSource;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilterLogEventsResponse;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.LogDriver;

/// What one container of a task wrote, from the stream of CloudWatch Logs that its log driver `awslogs` writes to: an
/// event a line, as CloudWatch Logs sends it (`timestamp` and `ingestionTime` in epoch milliseconds, `message`).
///
/// @param lack why there is no such stream; empty when there is one
record TaskLogs(Tasks tasks, String container, String group, String stream, String region, String lack)
        implements RecordSource {
    private static final String FOLDER = "varve/cloud/aws/ecs-logs/";
    private static final int MOST_IN_A_PAGE = 10_000;

    /// Of all its containers, as its task definition says; where this cannot be read, one that says so.
    static List<RecordSource> of(Tasks tasks, TaskHost task) throws ProviderException, InterruptedException {
        try (EcsClient ecs = tasks.place().once(EcsClient.builder()).build()) {
            return tasks
                    .asking()
                    .call(
                            "reading the definition of " + task.text(),
                            () -> ecs.describeTaskDefinition(request -> request.taskDefinition(task.definition())))
                    .taskDefinition()
                    .containerDefinitions()
                    .stream()
                    .map(definition -> (RecordSource) of(tasks, task, definition))
                    .toList();
        } catch (ProviderException e) {
            if (e.kind() != Kind.FORBIDDEN && e.kind() != Kind.REFUSED) {
                throw e;
            }
            return List.of(new TaskLogs(tasks, "all containers", "", "", "", e.reason()));
        }
    }

    private static TaskLogs of(Tasks tasks, TaskHost task, ContainerDefinition definition) {
        String name = String.valueOf(definition.name()).replaceAll("[^A-Za-z0-9_-]", "_");
        if (definition.logConfiguration() == null
                || definition.logConfiguration().logDriver() != LogDriver.AWSLOGS) {
            String driver = definition.logConfiguration() == null
                    ? "the default one of its host"
                    : definition.logConfiguration().logDriverAsString();
            return new TaskLogs(
                    tasks, name, "", "", "", "its log driver is %s, which is not read from here".formatted(driver));
        }
        Map<String, String> options = definition.logConfiguration().options();
        // without a prefix, which only hosts of the customer's own allow, the stream is named after the container's id
        String stream = Optional.ofNullable(options.get("awslogs-stream-prefix"))
                .map(prefix -> "%s/%s/%s".formatted(prefix, name, task.id()))
                .or(() -> task.container(name).map(TaskHost.Container::runtime))
                .orElse("");
        String group = options.getOrDefault("awslogs-group", "");
        return new TaskLogs(
                tasks,
                name,
                group,
                stream,
                options.getOrDefault("awslogs-region", task.region()),
                group.isEmpty() || stream.isEmpty() ? "its definition names no log stream" : "");
    }

    @Override
    public String path() {
        return FOLDER + container + ".jsonl";
    }

    @Override
    public String artifact() {
        return "AwsEcsLog";
    }

    @Override
    public void read(Window window, Lines lines) throws ProviderException, InterruptedException, IOException {
        if (!lack.isEmpty()) {
            throw new ProviderException(Kind.REFUSED, "the log of %s: %s".formatted(container, lack));
        }
        var raw = new RawAnswers();
        String next = null;
        try (CloudWatchLogsClient logs = Cloud.in(tasks.place(), region)
                .once(CloudWatchLogsClient.builder(), raw)
                .build()) {
            do {
                @Nullable String token = next;
                FilterLogEventsResponse page = tasks.asking()
                        .call(
                                "reading the log of container " + container,
                                () -> logs.filterLogEvents(request -> request.logGroupName(group)
                                        .logStreamNames(stream)
                                        .startTime(window.from().toEpochMilli())
                                        .endTime(window.to().toEpochMilli() - 1)
                                        .limit(MOST_IN_A_PAGE)
                                        .nextToken(token)));
                for (JsonNode event : raw.last().path("events")) {
                    if (!lines.add(event.toString())) {
                        return;
                    }
                }
                next = page.nextToken();
            } while (next != null && !next.isEmpty());
        }
    }
}
