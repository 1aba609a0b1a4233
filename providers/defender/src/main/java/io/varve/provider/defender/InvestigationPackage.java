package io.varve.provider.defender;

import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.Waiting;
import io.varve.provider.collector.RemoteHost;
import io.varve.provider.defender.MachineAction.Status;
import io.varve.provider.http.Answer;
import io.varve.provider.http.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;

/// Defender's own collection on a host: processes, services, autoruns, network state and logs, as one zip that
/// Microsoft makes. It is taken as it comes; nobody states a digest for it.
///
/// Step: `channel.package`, the id of its machine action.
final class InvestigationPackage {
    /// Name of the capture profile that is this package and nothing else.
    static final String PROFILE = "investigation-package";

    static final String STEP = "channel.package";

    private static final long LARGEST = 2L << 30;
    private static final int TRIES = 3;
    private static final Duration QUEUED = Duration.ofMinutes(3);
    private static final Duration TRY_AGAIN = Duration.ofMinutes(5);
    private static final Duration TIME = Duration.ofMinutes(30);

    private final Defender defender;
    private final RemoteHost host;
    private final CaptureContext context;
    private final Clock clock;
    private final Waiting waiting;

    InvestigationPackage(Defender defender, RemoteHost host, CaptureContext context, Clock clock, Waiting waiting) {
        this.defender = defender;
        this.host = host;
        this.context = context;
        this.clock = clock;
        this.waiting = waiting;
    }

    /// Has it collected, waits for it, and brings it here.
    Path collect(Path target) throws ProviderException, InterruptedException, IOException {
        MachineAction action = followed(begun());
        if (action.status() != Status.SUCCEEDED) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "the investigation package of %s was not collected: %s %s"
                            .formatted(host.name(), action.failure(), action.cancelled()));
        }
        download(action, target);
        context.custody(
                "package.fetched",
                "investigation package of machine action %s, %,d bytes".formatted(action.id(), Files.size(target)));
        return target;
    }

    private MachineAction begun() throws ProviderException, InterruptedException, IOException {
        Optional<String> known = context.step(STEP);
        if (known.isPresent()) {
            return defender.action(known.get());
        }
        Optional<MachineAction> running = running();
        MachineAction action = running.isPresent()
                ? running.get()
                : defender.investigationPackage(host.id(), "Varve capture " + context.capture())
                        .orElseThrow(this::busy);
        context.custody(
                "package.ordered",
                "machine action %s on %s, by %s: %s"
                        .formatted(action.id(), host.id(), action.requestor(), action.comment()));
        context.completed(STEP, action.id());
        return action;
    }

    /// One that is being collected now, by whomever: a machine makes one at a time.
    private Optional<MachineAction> running() throws ProviderException, InterruptedException {
        return defender
                .actions("machineId eq %s and type eq 'CollectInvestigationPackage'"
                        .formatted(MicrosoftApi.quoted(host.id())))
                .rows()
                .stream()
                .filter(MachineAction::open)
                .max(Comparator.comparing(MachineAction::created));
    }

    private ProviderException busy() {
        return new ProviderException(
                Kind.THROTTLED,
                "an investigation package of %s is being collected already".formatted(host.name()),
                Optional.of(TRY_AGAIN));
    }

    private MachineAction followed(MachineAction begun) throws ProviderException, InterruptedException, IOException {
        Instant since = clock.instant();
        MachineAction action = begun;
        while (action.open()) {
            proceed(action);
            boolean late = clock.instant().isAfter(since.plus(QUEUED));
            if (action.status() == Status.PENDING && (late || host.online().equals(Optional.of(false)))) {
                throw new ProviderException(
                        Kind.OFFLINE,
                        "%s does not answer; the investigation package is queued at Microsoft (action %s)"
                                .formatted(host.name(), action.id()),
                        Optional.of(TRY_AGAIN));
            }
            context.progress(0, 0, "Defender collects the investigation package on the host");
            waiting.pass(defender.tenant().pollEvery());
            action = defender.action(action.id());
        }
        return action;
    }

    private void proceed(MachineAction action) throws ProviderException, InterruptedException, IOException {
        boolean late = !clock.instant().isBefore(context.deadline());
        if (!context.cancelled() && !late) {
            return;
        }
        if (action.comment().contains(context.capture())) {
            defender.cancel(action.id(), Permission.FORENSICS, "Varve capture " + context.capture() + " ends");
            context.custody("package.cancelled", "machine action " + action.id());
        }
        throw late
                ? new ProviderException(Kind.REFUSED, "not done by " + context.deadline())
                : new ProviderException(Kind.CANCELLED, "cancelled");
    }

    private void download(MachineAction action, Path target) throws ProviderException, InterruptedException {
        int status = 0;
        for (int attempt = 1; attempt <= TRIES; attempt++) {
            Call call = Call.read(defender.packageLink(action.id())).within(TIME);
            Answer answer = defender.api().http().download(call, target, LARGEST);
            if (answer.good()) {
                return;
            }
            status = answer.status();
        }
        throw new ProviderException(
                Kind.FAILED,
                "the investigation package cannot be fetched: Microsoft's storage answers " + status,
                Optional.of(TRY_AGAIN));
    }
}
