package io.varve.provider.aws;

import io.varve.provider.Inventory.Found;
import io.varve.provider.Listed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.DesiredStatus;
import software.amazon.awssdk.services.ecs.model.Tag;
import software.amazon.awssdk.services.ecs.model.Task;
import software.amazon.awssdk.services.ecs.model.TaskField;

/// Containers of the ECS tasks that run in an account, one region after another. What ECS says of them beside their
/// tags stands among these as `aws:ecs:…`, a name that no customer's tag can have.
final class TaskInventory {
    /// As many as DescribeTasks takes.
    private static final int PAGE = 100;

    private static final String SPOT = "FARGATE_SPOT";

    private final Listed listed;

    TaskInventory(Listed listed) {
        this.listed = listed;
    }

    void list(Place account, List<String> regions, Asking asking) {
        for (String region : regions) {
            if (listed.isFull()) {
                return;
            }
            Place place = Cloud.in(account, region);
            try (EcsClient ecs = place.with(EcsClient.builder()).build()) {
                for (String cluster : ecs.listClustersPaginator().clusterArns()) {
                    cluster(ecs, new Tasks(place, asking), cluster);
                }
            } catch (SdkException e) {
                listed.refused(
                        "%s / %s".formatted(place.account(), region),
                        Errors.of("listing the ECS tasks of " + place.text(), e));
            }
        }
    }

    private void cluster(EcsClient ecs, Tasks tasks, String cluster) {
        var page = new ArrayList<String>();
        for (String task : ecs.listTasksPaginator(
                        request -> request.cluster(cluster).desiredStatus(DesiredStatus.RUNNING))
                .taskArns()) {
            page.add(task);
            if (page.size() == PAGE) {
                describe(ecs, tasks, cluster, page);
                page.clear();
            }
            if (listed.isFull()) {
                return;
            }
        }
        if (!page.isEmpty()) {
            describe(ecs, tasks, cluster, page);
        }
    }

    private void describe(EcsClient ecs, Tasks tasks, String cluster, List<String> arns) {
        ecs.describeTasks(request -> request.cluster(cluster).tasks(arns).include(TaskField.TAGS))
                .tasks()
                .forEach(task -> found(task, tasks.host(task)));
    }

    private void found(Task task, TaskHost host) {
        String group = host.group().substring(host.group().indexOf(':') + 1);
        for (TaskHost.Container container : host.containers()) {
            if (!container.isRunning()) {
                continue;
            }
            listed.found(new Found(
                    host.address(container),
                    "%s/%s".formatted(group.isEmpty() ? host.id() : group, container.name()),
                    Optional.empty(),
                    "ECS container",
                    "%s / %s / %s".formatted(host.account(), host.region(), host.cluster()),
                    Optional.of(host.platform().startsWith("WINDOWS") ? "windows" : "linux"),
                    container.status().toLowerCase(Locale.ROOT),
                    Optional.ofNullable(task.startedAt()).or(() -> Optional.ofNullable(task.createdAt())),
                    facts(task, host, container),
                    Optional.of(ephemeral(task, host))));
        }
    }

    private static Map<String, String> facts(Task task, TaskHost host, TaskHost.Container container) {
        var facts = new LinkedHashMap<String, String>();
        fact(facts, "group", host.group());
        fact(facts, "launch", host.launch());
        fact(facts, "definition", host.definition().substring(host.definition().lastIndexOf('/') + 1));
        fact(facts, "image", container.image());
        fact(facts, "digest", container.digest());
        fact(facts, "address", container.address());
        fact(facts, "exec", TaskDirectory.lack(host, container).isEmpty() ? "enabled" : "not to be had");
        for (Tag tag : task.tags()) {
            facts.put(
                    String.valueOf(tag.key()), Optional.ofNullable(tag.value()).orElse(""));
        }
        return facts;
    }

    private static void fact(Map<String, String> facts, String name, String value) {
        if (!value.isEmpty()) {
            facts.put("aws:ecs:" + name, value);
        }
    }

    private static String ephemeral(Task task, TaskHost host) {
        if (SPOT.equals(task.capacityProviderName())) {
            return "on Fargate Spot";
        }
        return host.service()
                .map("its service %s may replace it at any time"::formatted)
                .orElse("a task on its own, gone when it ends");
    }
}
