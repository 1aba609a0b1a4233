package io.varve.provider.aws;

import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Attachment;
import software.amazon.awssdk.services.ecs.model.Attribute;
import software.amazon.awssdk.services.ecs.model.Container;
import software.amazon.awssdk.services.ecs.model.DescribeTasksResponse;
import software.amazon.awssdk.services.ecs.model.ExecuteCommandResponse;
import software.amazon.awssdk.services.ecs.model.KeyValuePair;
import software.amazon.awssdk.services.ecs.model.ManagedAgentName;
import software.amazon.awssdk.services.ecs.model.NetworkInterface;
import software.amazon.awssdk.services.ecs.model.Task;

/// Tasks of one place, as ECS knows them.
record Tasks(Place place, Asking asking) {
    private static final Duration RESEND = Duration.ofMillis(500);
    /// With waits that grow to ten times the first: five minutes.
    private static final int MOST_RESENDS = 65;

    /// The account and region that an address names.
    ///
    /// @throws ProviderException NOT_FOUND when no role of the integration is in this account
    static Place place(Cloud cloud, TaskAddress address) throws ProviderException {
        Optional<ProviderException> trouble = Optional.empty();
        for (Optional<String> role : cloud.roles()) {
            try {
                Place account = cloud.account(role);
                if (account.account().equals(address.account())) {
                    return Cloud.in(account, address.region());
                }
            } catch (ProviderException e) {
                trouble = Optional.of(e);
            }
        }
        throw trouble.orElseGet(() -> new ProviderException(
                Kind.NOT_FOUND, "no role of this integration is in account %s".formatted(address.account())));
    }

    TaskHost find(TaskAddress address) throws ProviderException, InterruptedException {
        try (EcsClient ecs = place.once(EcsClient.builder()).build()) {
            DescribeTasksResponse answer = asking.call(
                    "looking for " + address.task(),
                    () -> ecs.describeTasks(
                            request -> request.cluster(address.cluster()).tasks(address.task())));
            return answer.tasks().stream()
                    .filter(task -> address.task().equals(task.taskArn()))
                    .findFirst()
                    .map(this::host)
                    .orElseThrow(() -> new ProviderException(
                            Kind.NOT_FOUND,
                            "%s has no task %s in cluster %s; ECS forgets a task about an hour after it stopped"
                                    .formatted(place.text(), address.id(), address.cluster())));
        }
    }

    TaskHost host(Task task) {
        String cluster = text(task.clusterArn());
        return new TaskHost(
                place.account(),
                place.role().orElse(""),
                place.region(),
                place.caller(),
                cluster.substring(cluster.lastIndexOf('/') + 1),
                text(task.taskArn()),
                text(task.group()),
                text(task.launchTypeAsString()),
                platform(task),
                text(task.taskDefinitionArn()),
                text(task.lastStatus()),
                Boolean.TRUE.equals(task.enableExecuteCommand()),
                task.containers().stream()
                        .map(container -> container(task, container))
                        .toList());
    }

    private static String platform(Task task) {
        return Optional.ofNullable(task.platformFamily())
                .or(() -> task.attributes().stream()
                        .filter(attribute -> "ecs.os-type".equals(attribute.name()))
                        .map(Attribute::value)
                        .filter(Objects::nonNull)
                        .findFirst())
                .orElse("")
                .toUpperCase(java.util.Locale.ROOT);
    }

    private static TaskHost.Container container(Task task, Container container) {
        return new TaskHost.Container(
                text(container.name()),
                text(container.runtimeId()),
                text(container.image()),
                text(container.imageDigest()),
                text(container.lastStatus()),
                container.managedAgents().stream()
                        .filter(agent -> agent.name() == ManagedAgentName.EXECUTE_COMMAND_AGENT)
                        .map(agent -> text(agent.lastStatus()))
                        .findFirst()
                        .orElse(""),
                address(task, container));
    }

    private static String address(Task task, Container container) {
        return Stream.concat(
                        container.networkInterfaces().stream().map(NetworkInterface::privateIpv4Address),
                        task.attachments().stream()
                                .map(Attachment::details)
                                .flatMap(List::stream)
                                .filter(detail -> "privateIPv4Address".equals(detail.name()))
                                .map(KeyValuePair::value))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("");
    }

    private static String text(@Nullable String text) {
        return text == null ? "" : text;
    }

    /// Has exec run a command, and opens the channel to its terminal.
    DataChannel exec(TaskHost task, String container, String command) throws ProviderException, InterruptedException {
        ExecuteCommandResponse answer;
        try (EcsClient ecs = place.once(EcsClient.builder()).build()) {
            answer = asking.call(
                    "running a command in container %s of %s".formatted(container, task.text()),
                    () -> ecs.executeCommand(request -> request.cluster(task.cluster())
                            .task(task.task())
                            .container(container)
                            .interactive(true)
                            .command(command)));
        }
        var channel = new DataChannel(StreamLine.open(stream(answer.session().streamUrl())), RESEND, MOST_RESENDS);
        try {
            channel.open(answer.session().tokenValue());
            return channel;
        } catch (ProviderException | InterruptedException e) {
            channel.close();
            throw e;
        }
    }

    /// Without encryption only where the integration names an address of its own, which may be such.
    private URI stream(String text) throws ProviderException {
        try {
            URI stream = URI.create(text);
            if ("wss".equals(stream.getScheme())
                    || ("ws".equals(stream.getScheme()) && place.endpoint().isPresent())) {
                return stream;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new ProviderException(Kind.REFUSED, "ECS names no stream that is encrypted for the exec session");
    }
}
