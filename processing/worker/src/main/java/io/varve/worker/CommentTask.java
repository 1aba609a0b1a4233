package io.varve.worker;

import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import io.varve.acquisition.integration.Catalogue;
import io.varve.acquisition.model.Alert;
import io.varve.acquisition.model.Alerts;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.Captures;
import io.varve.acquisition.model.Incident;
import io.varve.acquisition.model.IncidentId;
import io.varve.acquisition.model.Incidents;
import io.varve.acquisition.model.Integration;
import io.varve.acquisition.model.Integrations;
import io.varve.acquisition.model.NormalisedAlert;
import io.varve.database.AlertOrigins;
import io.varve.database.ConsoleComments;
import io.varve.database.ConsoleComments.Comment;
import io.varve.database.EvidenceItem;
import io.varve.database.EvidenceItems;
import io.varve.database.Tasks;
import io.varve.evidence.EvidenceKey;
import io.varve.provider.Console;
import io.varve.provider.ProviderException;
import io.varve.provider.Vendor;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/// Tells the vendors' consoles how the forensics of an incident stand: one comment on each of its alerts, or one on
/// each
/// group of them, where the integration was set to. The same is never said twice.
@ApplicationScoped
public class CommentTask implements WorkerTask {
    private static final Logger LOG = Logger.getLogger(CommentTask.class);
    private static final Duration UNSETTLED = Duration.ofSeconds(5);
    /// How long the captures of an incident are waited for.
    private static final Duration PATIENCE = Duration.ofDays(8);

    private static final Duration TRY_AGAIN = Duration.ofMinutes(1);
    /// Alerts of one incident that are looked at, and comments left for them.
    private static final int MOST_ALERTS = 200;

    private static final int MOST_COMMENTS = 20;

    private final Incidents incidents;
    private final Alerts alerts;
    private final Captures captures;
    private final EvidenceItems evidence;
    private final AlertOrigins origins;
    private final Integrations integrations;
    private final ConsoleComments comments;
    private final Connections connections;
    private final Vendors vendors;
    private final WorkerConfig config;
    private final Clock clock;

    CommentTask(
            Incidents incidents,
            Alerts alerts,
            Captures captures,
            EvidenceItems evidence,
            AlertOrigins origins,
            Integrations integrations,
            ConsoleComments comments,
            Connections connections,
            Vendors vendors,
            WorkerConfig config,
            Clock clock) {
        this.incidents = incidents;
        this.alerts = alerts;
        this.captures = captures;
        this.evidence = evidence;
        this.origins = origins;
        this.integrations = integrations;
        this.comments = comments;
        this.connections = connections;
        this.vendors = vendors;
        this.config = config;
        this.clock = clock;
    }

    @Override
    public TaskDescriptor<String> task() {
        return Tasks.COMMENT;
    }

    @Override
    public Outcome run(String subject) throws InterruptedException {
        Optional<Incident> known = incidents.find(IncidentId.of(subject));
        if (known.isEmpty()) {
            return Outcome.DONE;
        }
        Incident incident = known.get();
        List<Capture> taken = captures.ofIncident(incident.id());
        if (taken.isEmpty()) {
            return Outcome.DONE;
        }
        if (!settled(taken)) {
            Instant begun = taken.stream()
                    .map(Capture::requestedAt)
                    .min(Instant::compareTo)
                    .orElseThrow();
            return clock.instant().isBefore(begun.plus(PATIENCE))
                    ? new Outcome.Again(clock.instant().plus(UNSETTLED))
                    : Outcome.DONE;
        }
        return tell(incident, text(incident, taken));
    }

    private boolean settled(List<Capture> taken) {
        return taken.stream().allMatch(capture -> switch (capture.state()) {
            case QUEUED, RUNNING -> false;
            case AWAITING_APPROVAL, FAILED, CANCELLED, REJECTED -> true;
            case CAPTURED ->
                evidence.find(new EvidenceKey(capture.evidence()))
                        .map(item -> switch (item.processing().state()) {
                            case WAITING, RUNNING -> false;
                            case DONE, FAILED -> true;
                        })
                        .orElse(true);
        });
    }

    /// Made of our own words and numbers only: the console that shows it may take it for markup.
    private String text(Incident incident, List<Capture> taken) {
        long captured = taken.stream()
                .filter(capture -> capture.state() == Capture.State.CAPTURED)
                .count();
        long events = taken.stream()
                .flatMap(capture -> evidence.find(new EvidenceKey(capture.evidence())).stream())
                .map(EvidenceItem::processing)
                .mapToLong(EvidenceItem.Processing::events)
                .sum();
        String link =
                config.publicUrl().map(address -> address.replaceAll("/+$", "")).orElse("") + "/incidents/"
                        + incident.id();
        return "Varve forensics: %d of %d captures done, %,d events in the timeline. %s"
                .formatted(captured, taken.size(), events, link);
    }

    private Outcome tell(Incident incident, String text) throws InterruptedException {
        Set<String> told = new HashSet<>();
        boolean again = false;
        for (AlertOrigins.Origin origin : origins.ofIncident(incident.id(), MOST_ALERTS)) {
            Optional<Alert> alert = alerts.find(origin.alert());
            Optional<NormalisedAlert> said = alert.flatMap(Alert::normalised);
            Optional<Integration> integration = integrations
                    .find(origin.integration())
                    .flatMap(from -> commented(from, alert.map(Alert::source).orElse("")));
            if (said.isEmpty() || integration.isEmpty()) {
                continue;
            }
            String about = integration.get().id()
                    + said.get().sourceGroupId().orElse(said.get().sourceAlertId());
            if (told.size() >= MOST_COMMENTS || !told.add(about)) {
                continue;
            }
            again |= !left(integration.get(), alert.get(), said.get(), text);
        }
        return again ? new Outcome.Again(clock.instant().plus(TRY_AGAIN)) : Outcome.DONE;
    }

    /// The integration that comments on alerts which came through this one: itself, or another of
    /// the organisation whose vendor takes comments on alerts of that source.
    private Optional<Integration> commented(Integration from, String source) {
        return integrations.enabled(Integration.Use.COMMENT).stream()
                .filter(other -> other.organisation().equals(from.organisation()))
                .filter(other ->
                        other.id().equals(from.id()) || (!from.vendor().equals(other.vendor()) && takes(other, source)))
                .filter(other -> takes(other, source))
                .min(Comparator.comparing(other -> !other.id().equals(from.id())));
    }

    private static boolean takes(Integration integration, String source) {
        return Catalogue.named(integration.vendor())
                .filter(kind -> kind.comments().contains(source))
                .isPresent();
    }

    /// False when it is worth another try.
    private boolean left(Integration integration, Alert alert, NormalisedAlert said, String text)
            throws InterruptedException {
        Optional<Console> console = vendors.named(integration.vendor()).flatMap(Vendor::console);
        if (console.isEmpty() || comments.said(integration.id(), alert.id(), text)) {
            return true;
        }
        Optional<String> problem = Optional.empty();
        boolean again = false;
        try {
            console.get()
                    .comment(
                            connections.open(integration),
                            new Console.Subject(alert.source(), said.sourceAlertId(), said.sourceGroupId()),
                            text);
        } catch (ProviderException e) {
            problem = Optional.of(e.reason());
            again = e.kind() == ProviderException.Kind.THROTTLED || e.kind() == ProviderException.Kind.OFFLINE;
            LOG.infof("integration %s: comment on alert %s: %s", integration.name(), alert.id(), e.reason());
            integrations.contact(integration.id(), clock.instant(), problem);
        }
        comments.save(new Comment(alert.organisation(), integration.id(), alert.id(), text, clock.instant(), problem));
        return !again;
    }
}
