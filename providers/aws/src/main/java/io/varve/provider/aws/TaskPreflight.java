package io.varve.provider.aws;

import io.varve.provider.Check;
import io.varve.provider.Check.Result;
import io.varve.provider.Containment;
import io.varve.provider.Preflight;
import io.varve.provider.ProviderException;
import io.varve.provider.collector.profile.Profiles;
import io.varve.provider.collector.record.RecordCapture;
import java.util.List;
import java.util.Optional;

/// What a capture of an ECS task's container will find and do, before anything is done.
final class TaskPreflight {
    private static final String EXEC = "Exec";
    private static final String TO_RUN = "to run the collector";

    private TaskPreflight() {}

    static Preflight of(Cloud cloud, TaskAddress address, String profile, Asking asking)
            throws ProviderException, InterruptedException {
        TaskHost task = new Tasks(Tasks.place(cloud, address), asking).find(address);
        if (profile.equals(RecordCapture.PROFILE)) {
            return logs(task);
        }
        if (Profiles.named(profile).isEmpty()) {
            throw TaskCapture.unknown(profile);
        }
        TaskHost.Container container = TaskCapture.container(task, address);
        Optional<String> lack = TaskDirectory.lack(task, container);
        return new Preflight(
                Optional.of("%s of %s".formatted(container.name(), task.text())),
                Optional.of(task.platform().startsWith("WINDOWS") ? "windows" : "linux"),
                container.address().isEmpty() ? List.of() : List.of(container.address()),
                Optional.of(container.isRunning()),
                Containment.UNKNOWN,
                List.of(
                        lack.isEmpty()
                                ? Check.ok(EXEC, TO_RUN, "enabled, its agent runs")
                                : new Check(
                                        EXEC,
                                        TO_RUN,
                                        Result.FAILED,
                                        lack.get(),
                                        "Capture cloud-logs of it: its state, its logs, CloudTrail. Or start the service's next tasks with enableExecuteCommand."),
                        protection(task)),
                List.of(
                        "Each command is an exec session: a shell in the container, in CloudTrail as ecs:ExecuteCommand.",
                        "The collector is written into a folder for temporary files and run as the container's user; it reads what the profile %s names, and all it wrote is removed at the end."
                                .formatted(profile),
                        "Everything comes back through the session, so the container needs no network for it. The task's definition, image and network are left as they are."));
    }

    private static Check protection(TaskHost task) {
        return Check.ok(
                "Protection",
                "to keep the task meanwhile",
                task.service()
                        .map("scale-in protection of its service %s is switched on, and put back at the end"::formatted)
                        .orElse("none: ECS protects tasks of services only"));
    }

    private static Preflight logs(TaskHost task) {
        return new Preflight(
                Optional.of(task.text()),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Containment.UNKNOWN,
                List.of(Check.ok(
                        "Task",
                        "what is asked for",
                        "%s, %s, %s".formatted(task.definition(), task.group(), task.status()))),
                List.of(
                        "The task's state and definition, its service with its events, its containers' logs in CloudWatch Logs and CloudTrail are read.",
                        "Nothing is run, written or changed."));
    }
}
