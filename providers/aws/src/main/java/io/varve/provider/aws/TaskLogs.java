package io.varve.provider.aws;

import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.record.RecordSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.ContainerDefinition;
import software.amazon.awssdk.services.ecs.model.LogDriver;

/// What the containers of a task wrote, from the streams of CloudWatch Logs that the log driver `awslogs` writes to.
final class TaskLogs {
    private TaskLogs() {}

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
                    .map(definition -> of(tasks, task, definition))
                    .toList();
        } catch (ProviderException e) {
            if (e.kind() != Kind.FORBIDDEN && e.kind() != Kind.REFUSED) {
                throw e;
            }
            return List.of(lacking("all containers", e.reason()));
        }
    }

    private static RecordSource of(Tasks tasks, TaskHost task, ContainerDefinition definition) {
        String name = String.valueOf(definition.name()).replaceAll("[^A-Za-z0-9_-]", "_");
        if (definition.logConfiguration() == null
                || definition.logConfiguration().logDriver() != LogDriver.AWSLOGS) {
            String driver = definition.logConfiguration() == null
                    ? "the default one of its host"
                    : definition.logConfiguration().logDriverAsString();
            return lacking(name, "its log driver is %s, which is not read from here".formatted(driver));
        }
        Map<String, String> options = definition.logConfiguration().options();
        // without a prefix, which only hosts of the customer's own allow, the stream is named after the container's id
        Optional<String> stream = Optional.ofNullable(options.get("awslogs-stream-prefix"))
                .map(prefix -> "%s/%s/%s".formatted(prefix, name, task.id()))
                .or(() -> task.container(name).map(TaskHost.Container::runtime))
                .filter(text -> !text.isEmpty());
        String group = options.getOrDefault("awslogs-group", "");
        return group.isEmpty() || stream.isEmpty()
                ? lacking(name, "its definition names no log stream")
                : new GroupLog(
                        Cloud.in(tasks.place(), options.getOrDefault("awslogs-region", task.region())),
                        group,
                        stream,
                        tasks.asking());
    }

    private static RecordSource lacking(String container, String why) {
        return new LackingRecords(
                GroupLog.FOLDER + "=" + container,
                GroupLog.ARTIFACT,
                new ProviderException(Kind.REFUSED, "the log of %s: %s".formatted(container, why)));
    }
}
