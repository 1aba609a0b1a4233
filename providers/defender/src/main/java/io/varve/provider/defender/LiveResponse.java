package io.varve.provider.defender;

import io.varve.evidence.Digest;
import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.Waiting;
import io.varve.provider.collector.RemoteHost;
import io.varve.provider.defender.MachineAction.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The live responses of one capture, one after the other: a machine takes one at a time.
///
/// Each carries the capture's id and a digest of its commands in its comment. So after a crash, or after an order whose
/// answer was lost, the action that was begun is found at Microsoft and followed; none is ordered twice. The first
/// action's id is kept as the step `channel.first_action` besides: it is the one that may wait days for its host.
final class LiveResponse {
    static final String FIRST = "channel.first_action";

    /// How long an order may wait for its host before the worker's thread is given back.
    private static final Duration QUEUED = Duration.ofMinutes(3);

    private static final Duration TRY_AGAIN = Duration.ofMinutes(5);
    private static final Duration BUSY_EVERY = Duration.ofSeconds(30);
    private static final Duration BUSY = Duration.ofMinutes(10);
    private static final Duration BUSY_AGAIN = Duration.ofMinutes(2);
    /// How long the last order, which cleans up, is followed.
    private static final Duration LAST = Duration.ofMinutes(15);
    /// Results of older actions are not used any more.
    private static final Duration KEPT = Duration.ofDays(2);

    /// What is done with an action each time it was looked at.
    @FunctionalInterface
    interface Look {
        void at(MachineAction action) throws ProviderException, InterruptedException, IOException;
    }

    private final Defender defender;
    private final RemoteHost host;
    private final CaptureContext context;
    private final Clock clock;
    private final Waiting waiting;
    private final List<MachineAction> leftovers = new ArrayList<>();
    private boolean looked;

    LiveResponse(Defender defender, RemoteHost host, CaptureContext context, Clock clock, Waiting waiting) {
        this.defender = defender;
        this.host = host;
        this.context = context;
        this.clock = clock;
        this.waiting = waiting;
    }

    /// Has the commands done and follows them to their end, whatever it is.
    MachineAction act(List<LiveCommand> commands, boolean last, Look look)
            throws ProviderException, InterruptedException, IOException {
        String comment = comment(commands);
        if (!looked) {
            leftovers.addAll(earlier());
            looked = true;
        }
        Optional<MachineAction> same = leftover(comment);
        if (same.isEmpty()) {
            outlast(last);
        }
        MachineAction action = same.isPresent() ? same.get() : order(comment, commands, last);
        return follow(action, last, look);
    }

    private String comment(List<LiveCommand> commands) {
        String text = commands.stream().map(LiveCommand::toString).collect(Collectors.joining("\n"));
        String digest = Digest.of(text.getBytes(StandardCharsets.UTF_8)).hex();
        return "Varve capture %s, order %s".formatted(context.capture(), digest.substring(0, 16));
    }

    /// What an earlier attempt of this capture began here and did not see the end of.
    private List<MachineAction> earlier() throws ProviderException, InterruptedException {
        Instant oldest = clock.instant().minus(KEPT);
        var found = new ArrayList<MachineAction>();
        for (MachineAction action : defender.actions(
                        "machineId eq %s and type eq 'LiveResponse'".formatted(MicrosoftApi.quoted(host.id())))
                .rows()) {
            boolean files = !action.commands().isEmpty()
                    && action.commands().stream()
                            .allMatch(command -> command.command().type().equals("GetFile"));
            boolean useful = action.open() || files && action.status() == Status.SUCCEEDED;
            if (ours(action) && useful && action.created().isAfter(oldest)) {
                found.add(action);
            }
        }
        Optional<String> first = context.step(FIRST);
        if (first.isPresent() && found.stream().noneMatch(action -> action.id().equals(first.get()))) {
            MachineAction action = defender.action(first.get());
            if (action.open() || action.status() == Status.SUCCEEDED) {
                found.add(action);
            }
        }
        return found;
    }

    private boolean ours(MachineAction action) {
        return action.comment().startsWith("Varve capture %s, ".formatted(context.capture()));
    }

    private Optional<MachineAction> leftover(String comment) throws IOException {
        for (MachineAction action : leftovers) {
            if (action.comment().equals(comment)) {
                leftovers.remove(action);
                context.custody(
                        "live_response.resumed",
                        "machine action %s, begun by an earlier attempt".formatted(action.id()));
                return Optional.of(action);
            }
        }
        return Optional.empty();
    }

    /// Waits for the end of what an earlier attempt began: until then the machine takes no order.
    private void outlast(boolean last) throws ProviderException, InterruptedException, IOException {
        for (MachineAction action : List.copyOf(leftovers)) {
            if (action.open()) {
                leftovers.set(leftovers.indexOf(action), follow(action, last, _ -> {}));
            }
        }
    }

    private MachineAction order(String comment, List<LiveCommand> commands, boolean last)
            throws ProviderException, InterruptedException, IOException {
        Instant giveUp = clock.instant().plus(BUSY);
        while (true) {
            Optional<MachineAction> action = ordered(comment, commands);
            if (action.isPresent()) {
                context.custody(
                        "live_response.ordered",
                        "machine action %s on %s: %s"
                                .formatted(
                                        action.get().id(),
                                        host.id(),
                                        commands.stream()
                                                .map(LiveCommand::toString)
                                                .collect(Collectors.joining("; "))));
                if (context.step(FIRST).isEmpty()) {
                    context.completed(FIRST, action.get().id());
                }
                return action.get();
            }
            if (!last) {
                proceed();
            }
            if (clock.instant().isAfter(giveUp)) {
                throw new ProviderException(
                        Kind.THROTTLED,
                        "another live response session is open on %s, perhaps in the Defender portal; only one is possible"
                                .formatted(host.name()),
                        Optional.of(BUSY_AGAIN));
            }
            context.progress(0, 0, "another live response session is open on the host; waiting for its end");
            waiting.pass(BUSY_EVERY);
        }
    }

    /// Empty while the machine is busy with somebody else's session.
    private Optional<MachineAction> ordered(String comment, List<LiveCommand> commands)
            throws ProviderException, InterruptedException {
        try {
            Optional<MachineAction> action = defender.liveResponse(host.id(), comment, commands);
            return action.isPresent() ? action : begun(comment);
        } catch (ProviderException e) {
            Optional<MachineAction> begun = e.kind() == Kind.FAILED ? begun(comment) : Optional.empty();
            if (begun.isPresent()) {
                return begun;
            }
            throw e;
        }
    }

    /// The order arrived although its answer did not.
    private Optional<MachineAction> begun(String comment) throws ProviderException, InterruptedException {
        return earlier().stream()
                .filter(action -> action.open() && action.comment().equals(comment))
                .findFirst();
    }

    private MachineAction follow(MachineAction begun, boolean last, Look look)
            throws ProviderException, InterruptedException, IOException {
        Instant since = clock.instant();
        MachineAction action = begun;
        while (true) {
            look.at(action);
            if (!action.open()) {
                return action;
            }
            if (!last) {
                cancelWhenAsked(action);
            }
            Instant now = clock.instant();
            boolean pending = action.status() == Status.PENDING;
            if (pending && (offline() || now.isAfter(since.plus(QUEUED)))) {
                throw new ProviderException(
                        Kind.OFFLINE,
                        "%s does not answer; machine action %s is queued at Microsoft for up to three days"
                                .formatted(host.name(), action.id()),
                        Optional.of(TRY_AGAIN));
            }
            if (last && now.isAfter(since.plus(LAST))) {
                throw new ProviderException(Kind.FAILED, "machine action %s has not ended yet".formatted(action.id()));
            }
            waiting.pass(defender.tenant().pollEvery());
            action = defender.action(action.id());
        }
    }

    private boolean offline() {
        return host.online().equals(Optional.of(false));
    }

    private void cancelWhenAsked(MachineAction action) throws ProviderException, InterruptedException, IOException {
        try {
            proceed();
        } catch (ProviderException e) {
            defender.cancel(action.id(), Permission.LIVE_RESPONSE, "Varve capture " + context.capture() + " ends");
            context.custody("live_response.cancelled", "machine action %s: %s".formatted(action.id(), e.reason()));
            looked = false;
            leftovers.clear();
            throw e;
        }
    }

    private void proceed() throws ProviderException {
        if (context.cancelled()) {
            throw new ProviderException(Kind.CANCELLED, "cancelled");
        }
        if (!clock.instant().isBefore(context.deadline())) {
            throw new ProviderException(Kind.REFUSED, "not done by " + context.deadline());
        }
    }
}
