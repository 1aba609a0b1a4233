package io.varve.provider.aws;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.List;
import java.util.Optional;

/// An ECS task as it was found, kept as the step `task` of its capture.
///
/// @param role empty for the account of the credentials
/// @param caller ARN of whom AWS saw asking
/// @param task its ARN
/// @param group `service:NAME` for a task of a service, else whatever it was started as
/// @param launch `FARGATE`, `EC2` or `EXTERNAL`; empty when ECS does not say
/// @param platform `LINUX` or `WINDOWS…`; empty when ECS does not say
/// @param definition ARN of its task definition, with the revision
/// @param status `RUNNING` and so on
/// @param exec whether it was started with exec enabled
record TaskHost(
        String account,
        String role,
        String region,
        String caller,
        String cluster,
        String task,
        String group,
        String launch,
        String platform,
        String definition,
        String status,
        boolean exec,
        List<Container> containers) {
    private static final String SERVICE = "service:";

    /// One container of it.
    ///
    /// @param runtime id that the container runtime gave it; empty before it runs
    /// @param digest of the image, `sha256:…`; empty when ECS does not say
    /// @param agent status of the agent that exec needs beside it; empty when there is none
    /// @param address private IPv4 address; empty when it has none of its own
    record Container(
            String name, String runtime, String image, String digest, String status, String agent, String address) {
        boolean isRunning() {
            return status.equals("RUNNING");
        }
    }

    Optional<String> assumed() {
        return role.isEmpty() ? Optional.empty() : Optional.of(role);
    }

    /// Name of its service; empty for a task that stands alone.
    Optional<String> service() {
        return group.startsWith(SERVICE) ? Optional.of(group.substring(SERVICE.length())) : Optional.empty();
    }

    String id() {
        return task.substring(task.lastIndexOf('/') + 1);
    }

    /// As assets and captures name it.
    String address(Container container) {
        return task + ":" + container.name();
    }

    /// For people.
    String text() {
        return "task %s of cluster %s".formatted(id(), cluster);
    }

    Optional<Container> container(String name) {
        return containers.stream().filter(one -> one.name().equals(name)).findFirst();
    }

    static TaskHost of(String step) {
        return Host.read(step, new TypeReference<>() {});
    }
}
