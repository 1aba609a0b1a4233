package io.varve.provider.aws;

import io.varve.provider.CaptureContext;
import io.varve.provider.Connection;
import io.varve.provider.Containment;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.Channel;
import io.varve.provider.collector.HostDirectory;
import io.varve.provider.collector.Platform;
import io.varve.provider.collector.RemoteHost;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// One container of an ECS task as the collector's host.
record TaskDirectory(Tasks tasks, TaskHost task, TaskHost.Container container) implements HostDirectory {
    private static final Duration STARTING = Duration.ofSeconds(30);

    @Override
    public RemoteHost find(Connection connection, String target) {
        var facts = new TreeMap<>(Map.of(
                "account", task.account(),
                "region", task.region(),
                "cluster", task.cluster(),
                "definition", task.definition(),
                "group", task.group(),
                "image", container.image(),
                "caller", task.caller()));
        fact(facts, "launch", task.launch());
        fact(facts, "digest", container.digest());
        fact(facts, "runtime", container.runtime());
        fact(facts, "address", container.address());
        return new RemoteHost(
                task.address(container),
                "%s:%s".formatted(task.id(), container.name()),
                Optional.of(Platform.LINUX),
                Optional.of(true),
                List.of(),
                facts);
    }

    private static void fact(Map<String, String> facts, String name, String value) {
        if (!value.isEmpty()) {
            facts.put(name, value);
        }
    }

    /// ECS has no such state of a task.
    @Override
    public Containment containment(Connection connection, RemoteHost host) {
        return Containment.UNKNOWN;
    }

    @Override
    public Channel open(Connection connection, RemoteHost host, CaptureContext context)
            throws ProviderException, InterruptedException {
        expectExec(task, container);
        return new TaskChannel(shell(), context);
    }

    TaskShell shell() {
        return new TaskShell(command -> tasks.exec(task, container.name(), command), TaskChannel.SILENCE);
    }

    /// @throws ProviderException OFFLINE while the agent for exec is starting
    static void expectStarted(TaskHost task, TaskHost.Container container) throws ProviderException {
        if (task.exec() && container.isRunning() && container.agent().equals("PENDING")) {
            throw new ProviderException(
                    Kind.OFFLINE,
                    "the agent for exec beside container %s of %s is starting".formatted(container.name(), task.text()),
                    Optional.of(STARTING));
        }
    }

    /// @throws ProviderException REFUSED, with what is in the way and what can be had instead
    static void expectExec(TaskHost task, TaskHost.Container container) throws ProviderException {
        Optional<String> lack = lack(task, container);
        if (lack.isPresent()) {
            throw new ProviderException(Kind.REFUSED, lack.get() + ": what remains is the profile cloud-logs");
        }
    }

    /// Why nothing can be run in the container; empty when it can.
    static Optional<String> lack(TaskHost task, TaskHost.Container container) {
        if (!container.isRunning()) {
            return Optional.of("container %s of %s does not run (%s)"
                    .formatted(container.name(), task.text(), container.status()));
        }
        if (task.platform().startsWith("WINDOWS")) {
            return Optional.of("%s runs Windows, into which Varve cannot look by exec".formatted(task.text()));
        }
        if (!task.exec()) {
            return Optional.of(
                    "%s was started without exec (enableExecuteCommand), and ECS cannot switch it on while it runs"
                            .formatted(task.text()));
        }
        if (!container.agent().equals("RUNNING")) {
            return Optional.of(
                    "the agent for exec beside container %s of %s is %s: its task role needs the four ssmmessages actions, and a way to them"
                            .formatted(
                                    container.name(),
                                    task.text(),
                                    container.agent().isEmpty() ? "not there" : container.agent()));
        }
        return Optional.empty();
    }
}
