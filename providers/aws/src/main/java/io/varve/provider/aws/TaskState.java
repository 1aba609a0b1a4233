package io.varve.provider.aws;

import io.varve.provider.ProviderException;
import io.varve.provider.collector.record.RecordSource;
import java.io.IOException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.TaskDefinitionField;
import software.amazon.awssdk.services.ecs.model.TaskField;

/// What ECS says of a task now: the task, its definition, and its service with the service's last hundred events, each
/// answer a line, as ECS sends it.
record TaskState(Tasks tasks, TaskHost task) implements RecordSource {
    @Override
    public String path() {
        return "varve/cloud/aws/ecs-task.jsonl";
    }

    @Override
    public String artifact() {
        return "AwsEcsTask";
    }

    @Override
    public void read(Window window, Lines lines) throws ProviderException, InterruptedException, IOException {
        var raw = new RawAnswers();
        try (EcsClient ecs = tasks.place().once(EcsClient.builder(), raw).build()) {
            line(
                    raw,
                    lines,
                    () -> ecs.describeTasks(request ->
                            request.cluster(task.cluster()).tasks(task.task()).include(TaskField.TAGS)));
            line(
                    raw,
                    lines,
                    () -> ecs.describeTaskDefinition(
                            request -> request.taskDefinition(task.definition()).include(TaskDefinitionField.TAGS)));
            if (task.service().isPresent()) {
                String service = task.service().get();
                line(
                        raw,
                        lines,
                        () -> ecs.describeServices(
                                request -> request.cluster(task.cluster()).services(service)));
            }
        }
    }

    private void line(RawAnswers raw, Lines lines, Runnable call)
            throws ProviderException, InterruptedException, IOException {
        tasks.asking().call("asking ECS about " + task.text(), () -> {
            call.run();
            return task;
        });
        lines.add(raw.last().toString());
    }
}
