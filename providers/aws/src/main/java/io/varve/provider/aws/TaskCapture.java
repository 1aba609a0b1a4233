package io.varve.provider.aws;

import io.varve.provider.CaptureContext;
import io.varve.provider.Pauses;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.Waiting;
import io.varve.provider.collector.CollectorScript;
import io.varve.provider.collector.CollectorScripts;
import io.varve.provider.collector.ContainedCapture;
import io.varve.provider.collector.Platform;
import io.varve.provider.collector.profile.Profile;
import io.varve.provider.collector.profile.Profiles;
import io.varve.provider.collector.record.RecordCapture;
import io.varve.provider.collector.record.RecordSource;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Captures a container of an ECS task: the collector in it by exec, with nothing of the task changed but
/// its protection from scale-in for that time; or with `cloud-logs`, what the account knows and logged of
/// the task.
///
/// Steps: `task` (what was found), those of [TaskProtection], those of [ContainedCapture], `released`.
final class TaskCapture {
    private static final String TASK = "task";
    /// Step after which exec has worked.
    private static final String ONCE = "collector";

    private static final int LONGEST_OUTPUT = 1 << 16;

    private final CaptureContext context;
    private final Cloud cloud;
    private final Clock clock;
    private final Waiting waiting;

    TaskCapture(CaptureContext context, Cloud cloud, Clock clock, Waiting waiting) {
        this.context = context;
        this.cloud = cloud;
        this.clock = clock;
        this.waiting = waiting;
    }

    void run() throws ProviderException, InterruptedException, IOException {
        if (context.profile().equals(RecordCapture.PROFILE)) {
            logs();
            return;
        }
        if (Profiles.named(context.profile()).isEmpty()) {
            throw unknown(context.profile());
        }
        triage();
    }

    static ProviderException unknown(String profile) {
        return new ProviderException(
                Kind.REFUSED,
                "of an ECS task AWS captures a container by exec, and logs: there is no profile " + profile);
    }

    /// What the account knows and logged of the task; nothing is changed.
    private void logs() throws ProviderException, InterruptedException, IOException {
        TaskAddress address = TaskAddress.of(context.target());
        Tasks tasks = tasks(address, Pauses.capturing(context, waiting));
        TaskHost task = task(tasks, address);
        var sources = new ArrayList<RecordSource>();
        sources.add(new TaskState(tasks, task));
        sources.addAll(TaskLogs.of(tasks, task));
        sources.add(new TrailRecords(tasks.place(), List.of(task.task(), task.id()), task.id(), tasks.asking()));
        new RecordCapture(context, clock, cloud.settings().logs())
                .run(
                        task.text(),
                        Map.of(
                                "cloud", AwsProvider.NAME,
                                "account", task.account(),
                                "region", task.region(),
                                "cluster", task.cluster(),
                                "task", task.task(),
                                "caller", task.caller()),
                        sources);
    }

    private void triage() throws ProviderException, InterruptedException, IOException {
        TaskAddress address = TaskAddress.of(context.target());
        Tasks tasks = tasks(address, Pauses.capturing(context, waiting));
        TaskHost task = task(tasks, address);
        TaskHost.Container container = container(task, address);
        if (context.step(ONCE).isEmpty()) {
            TaskDirectory.expectExec(task, container);
            context.progress(0, 0, "Protecting %s from being scaled in".formatted(task.text()));
        }
        new TaskProtection(tasks, task, clock).set(context);
        new ContainedCapture(new TaskDirectory(tasks, task, container), clock, waiting).run(context);
    }

    private Tasks tasks(TaskAddress address, Pauses pauses) throws ProviderException {
        return new Tasks(Tasks.place(cloud, address), new Asking(pauses));
    }

    TaskHost task(Tasks tasks, TaskAddress address) throws ProviderException, InterruptedException, IOException {
        Optional<String> done = context.step(TASK);
        if (done.isPresent()) {
            return TaskHost.of(done.get());
        }
        TaskHost task = tasks.find(address);
        if (!context.profile().equals(RecordCapture.PROFILE)) {
            // what is stored below is not asked for again
            TaskDirectory.expectStarted(task, container(task, address));
        }
        context.custody(
                "task.found",
                "%s (%s, %s, %s) in account %s, region %s, containers %s, as %s"
                        .formatted(
                                task.task(),
                                task.definition(),
                                task.group(),
                                task.launch(),
                                task.account(),
                                task.region(),
                                task.containers().stream()
                                        .map(one -> "%s %s".formatted(one.name(), one.digest()))
                                        .toList(),
                                task.caller()));
        context.completed(TASK, Host.write(task));
        return task;
    }

    /// The container that was asked for, or the only one that runs.
    static TaskHost.Container container(TaskHost task, TaskAddress address) throws ProviderException {
        if (address.container().isPresent()) {
            return task.container(address.container().get())
                    .orElseThrow(() -> new ProviderException(
                            Kind.NOT_FOUND,
                            "%s has no container %s, only %s"
                                    .formatted(task.text(), address.container().get(), names(task.containers()))));
        }
        List<TaskHost.Container> running =
                task.containers().stream().filter(TaskHost.Container::isRunning).toList();
        if (running.size() != 1) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "%s has %d running containers: name one behind the task, as :CONTAINER (%s)"
                            .formatted(task.text(), running.size(), names(task.containers())));
        }
        return running.getFirst();
    }

    private static String names(List<TaskHost.Container> containers) {
        return containers.stream().map(TaskHost.Container::name).collect(Collectors.joining(", "));
    }

    /// Removes a collector that is still there, then puts protection back, whatever became of the first.
    void release() throws ProviderException, InterruptedException, IOException {
        if (context.step(TASK).isEmpty()
                || context.step("released").isPresent()
                || context.profile().equals(RecordCapture.PROFILE)) {
            return;
        }
        TaskAddress address = TaskAddress.of(context.target());
        Tasks tasks = tasks(address, Pauses.always(waiting));
        TaskHost task = TaskHost.of(context.step(TASK).get());
        try {
            clean(tasks, task, address);
        } finally {
            // what cannot be removed now must not keep the customer's task protected
            new TaskProtection(tasks, task, clock).restore(context);
        }
        context.completed("released", "done");
    }

    private void clean(Tasks tasks, TaskHost task, TaskAddress address)
            throws ProviderException, InterruptedException, IOException {
        Optional<String> folder = context.step(TaskChannel.FOLDER);
        if (folder.isEmpty() || context.step("cleaned").isPresent()) {
            return;
        }
        TaskHost.Container container = container(task, address);
        Profile profile = Profiles.named(context.profile())
                .orElseThrow(() -> new ProviderException(Kind.REFUSED, "there is no profile " + context.profile()));
        CollectorScript script = CollectorScripts.of(profile, Platform.LINUX);
        String text;
        try (TaskShell shell = new TaskDirectory(tasks, task, container).shell()) {
            String path = folder.get() + "/" + script.fileName();
            TaskShell.Ran ran = shell.run(
                    "[ ! -f %1$s ] || sh %1$s clean %2$s %3$s >/dev/null; rm -f %1$s %1$s.new; [ ! -e %1$s ] && [ ! -e %2$s/varve-%3$s ]"
                            .formatted(path, folder.get(), context.capture()),
                    LONGEST_OUTPUT);
            text = ran.exit() == 0
                    ? "the collector is removed from container " + container.name()
                    : "look for varve-%s in %s of container %s: it could not be removed"
                            .formatted(context.capture(), folder.get(), container.name());
        } catch (ProviderException e) {
            if (e.kind() != Kind.NOT_FOUND && e.kind() != Kind.REFUSED) {
                throw e;
            }
            text = "nothing can be run in container %s any more: %s".formatted(container.name(), e.reason());
        }
        context.custody("host.cleaned", text);
        context.completed("cleaned", text);
    }
}
