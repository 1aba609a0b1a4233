package io.varve.acquisition.source;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.acquisition.model.NormalisedAlert;
import io.varve.acquisition.model.NormalisedAlert.Host;
import io.varve.acquisition.model.NormalisedAlert.Process;
import io.varve.acquisition.model.NormalisedAlert.Status;
import io.varve.acquisition.model.NormalisedAlert.User;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// An alert while it is being read: what its source leaves out has a stand-in, lists are bounded, every item is kept
/// once.
final class Draft {
    private final JsonNode event;
    private final Instant received;
    private final Indicators found = new Indicators();
    private final Set<Host> hosts = new LinkedHashSet<>();
    private final Set<User> users = new LinkedHashSet<>();
    private final Set<Process> processes = new LinkedHashSet<>();
    private Optional<String> id = Optional.empty();
    private Optional<String> group = Optional.empty();
    private Optional<String> url = Optional.empty();
    private Optional<String> revision = Optional.empty();
    private Optional<String> title = Optional.empty();
    private String description = "";
    private String category = "";
    private Severity severity = Severity.UNKNOWN;
    private Status status = Status.UNKNOWN;
    private Optional<Instant> from = Optional.empty();
    private Optional<Instant> to = Optional.empty();

    /// @param event stands in for the identity and the revision by its content
    /// @param received stands in for times
    Draft(JsonNode event, Instant received) {
        this.event = event;
        this.received = received;
    }

    Draft id(Optional<String> text) {
        id = text;
        return this;
    }

    Draft group(Optional<String> text) {
        group = text;
        return this;
    }

    Draft url(Optional<String> text) {
        url = Indicators.link(text);
        return this;
    }

    /// When the source last changed the alert.
    Draft updated(Optional<Instant> time) {
        revision = time.map(Instant::toString);
        return this;
    }

    /// What else tells two versions of the alert apart.
    Draft revision(Optional<String> text) {
        revision = text;
        return this;
    }

    Draft title(Optional<String> text) {
        title = text;
        return this;
    }

    Draft description(Optional<String> text) {
        description = text.orElse("");
        return this;
    }

    Draft category(Optional<String> text) {
        category = text.orElse("");
        return this;
    }

    Draft severity(Optional<Severity> value) {
        severity = value.orElse(Severity.UNKNOWN);
        return this;
    }

    Draft status(Optional<String> text) {
        status = text.map(Draft::status).orElse(Status.UNKNOWN);
        return this;
    }

    /// What the alert is about begins and ends here.
    Draft seen(Optional<Instant> first, Optional<Instant> last) {
        from = first.or(() -> last);
        to = last;
        return this;
    }

    void host(HostDraft host) {
        host.host().ifPresent(machine -> add(hosts, machine));
    }

    void user(Optional<String> name, Optional<String> domain) {
        name.ifPresent(text -> add(users, new User(text, domain)));
    }

    /// `DOMAIN\name`, or just a name.
    void account(Optional<String> text) {
        text.map(Draft::user).ifPresent(user -> add(users, user));
    }

    /// Nothing when neither image, command line nor hash is known.
    void process(Process process) {
        if (process.image().isPresent()
                || process.commandLine().isPresent()
                || !process.hashes().isEmpty()) {
            add(processes, process);
        }
    }

    /// Where the alert's addresses, files and techniques are collected.
    Indicators found() {
        return found;
    }

    /// @param otherwise the title of an alert without one
    NormalisedAlert alert(String otherwise) {
        Instant first = from.orElse(received);
        return new NormalisedAlert(
                id.orElseGet(() -> "content-" + Revisions.of(event)),
                group,
                url,
                revision.orElseGet(() -> Revisions.of(event)),
                title.orElse(otherwise),
                description,
                category,
                severity.number(),
                severity.label(),
                status,
                first,
                to.filter(last -> last.isAfter(first)).orElse(first),
                List.copyOf(hosts),
                List.copyOf(users),
                List.copyOf(processes),
                found.files(),
                found.network(),
                found.attack());
    }

    private static User user(String text) {
        int separator = text.indexOf('\\');
        if (separator < 1 || separator + 1 == text.length()) {
            return new User(text, Optional.empty());
        }
        return new User(text.substring(separator + 1), Optional.of(text.substring(0, separator)));
    }

    static Status status(String text) {
        return switch (text.toLowerCase(Locale.ROOT).replaceAll("[\\s_-]", "")) {
            case "new", "open", "active", "unresolved", "notified", "detected" -> Status.NEW;
            case "inprogress", "reopened", "awaitingaction", "onhold" -> Status.IN_PROGRESS;
            case "closed", "resolved", "suppressed", "inactive", "redirected", "archived", "dismissed" -> Status.CLOSED;
            default -> Status.UNKNOWN;
        };
    }

    private static <T> void add(Collection<T> items, T item) {
        if (items.size() < Fields.LONGEST_LIST) {
            items.add(item);
        }
    }
}
