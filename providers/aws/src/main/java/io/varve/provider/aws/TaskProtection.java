package io.varve.provider.aws;

import com.fasterxml.jackson.core.type.TypeReference;
import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.Failure;
import software.amazon.awssdk.services.ecs.model.GetTaskProtectionResponse;
import software.amazon.awssdk.services.ecs.model.ProtectedTask;
import software.amazon.awssdk.services.ecs.model.UpdateTaskProtectionResponse;

/// Keeps scaling and deployments of a service from ending a task while it is captured, and puts back what was there
/// before. ECS protects tasks of services only, and for a time: two days at most.
final class TaskProtection {
    /// Step that holds what was there before, stored before anything is changed.
    private static final String BEFORE = "protection_before";

    private static final String SET = "protection";
    private static final String RESTORED = "protection_restored";
    private static final Duration LONGEST = Duration.ofMinutes(2880);

    private final Tasks tasks;
    private final TaskHost task;
    private final Clock clock;

    TaskProtection(Tasks tasks, TaskHost task, Clock clock) {
        this.tasks = tasks;
        this.task = task;
        this.clock = clock;
    }

    /// @param until RFC 3339; empty when it was off, or had no end
    record Before(boolean on, String until) {}

    void set(CaptureContext context) throws ProviderException, InterruptedException, IOException {
        if (task.service().isEmpty() || context.step(SET).isPresent()) {
            return;
        }
        try (EcsClient ecs = tasks.place().once(EcsClient.builder()).build()) {
            if (context.step(BEFORE).isEmpty()) {
                context.completed(BEFORE, Host.write(now(ecs)));
            }
            Optional<String> refused = update(ecs, true, minutes(context.deadline()));
            if (refused.isPresent()) {
                // it is the more urgent then
                context.custody(
                        "protection.refused", "%s: ECS does not protect it: %s".formatted(task.text(), refused.get()));
            } else {
                Before before = before(context);
                context.custody(
                        "protection.set",
                        "%s: protection from scale-in %s"
                                .formatted(task.text(), before.on() ? "was on" : "was off, now on"));
            }
            context.completed(SET, refused.isPresent() ? "refused" : "set");
        }
    }

    private Before now(EcsClient ecs) throws ProviderException, InterruptedException {
        GetTaskProtectionResponse answer = tasks.asking()
                .call(
                        "asking whether %s is protected".formatted(task.text()),
                        () -> ecs.getTaskProtection(
                                request -> request.cluster(task.cluster()).tasks(task.task())));
        return answer.protectedTasks().stream()
                .filter(one -> task.task().equals(one.taskArn()))
                .findFirst()
                .map(TaskProtection::before)
                .orElse(new Before(false, ""));
    }

    private static Before before(ProtectedTask known) {
        return new Before(
                Boolean.TRUE.equals(known.protectionEnabled()),
                known.expirationDate() == null ? "" : known.expirationDate().toString());
    }

    private static Before before(CaptureContext context) {
        return Host.read(context.step(BEFORE).orElseThrow(), new TypeReference<Before>() {});
    }

    /// Until then, rounded up, as much as ECS takes.
    private int minutes(Instant until) {
        Duration left = Duration.between(clock.instant(), until);
        Duration fitting = left.compareTo(LONGEST) > 0 ? LONGEST : left;
        return (int) Math.max(1, fitting.plusSeconds(59).toMinutes());
    }

    /// Why ECS did not do it; empty when it did.
    private Optional<String> update(EcsClient ecs, boolean on, int minutes)
            throws ProviderException, InterruptedException {
        UpdateTaskProtectionResponse answer = tasks.asking()
                .call(
                        "protecting %s from scale-in".formatted(task.text()),
                        () -> ecs.updateTaskProtection(request -> {
                            request.cluster(task.cluster()).tasks(task.task()).protectionEnabled(on);
                            if (on) {
                                request.expiresInMinutes(minutes);
                            }
                        }));
        return answer.failures().stream().findFirst().map(TaskProtection::words);
    }

    private static String words(Failure failure) {
        return DataChannel.words("%s %s".formatted(failure.reason(), failure.detail() == null ? "" : failure.detail()));
    }

    /// Puts back what was there before; a task that is gone needs nothing.
    void restore(CaptureContext context) throws ProviderException, InterruptedException, IOException {
        if (context.step(BEFORE).isEmpty() || context.step(RESTORED).isPresent()) {
            return;
        }
        Before before = before(context);
        boolean on = before.on()
                && (before.until().isEmpty() || Instant.parse(before.until()).isAfter(clock.instant()));
        Instant until = before.until().isEmpty() ? Instant.MAX : Instant.parse(before.until());
        Optional<String> refused = Optional.empty();
        try (EcsClient ecs = tasks.place().once(EcsClient.builder()).build()) {
            refused = update(ecs, on, on && !before.until().isEmpty() ? minutes(until) : (int) LONGEST.toMinutes());
        } catch (ProviderException e) {
            if (e.kind() != Kind.NOT_FOUND) {
                throw e;
            }
            refused = Optional.of(e.reason());
        }
        context.custody(
                "protection.restored",
                refused.map(why -> "%s: nothing to put back: %s".formatted(task.text(), why))
                        .orElse(task.text()));
        context.completed(RESTORED, "as it was");
    }
}
