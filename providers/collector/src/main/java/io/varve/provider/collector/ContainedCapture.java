package io.varve.provider.collector;

import io.varve.provider.CaptureContext;
import io.varve.provider.Connection;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.Waiting;
import io.varve.provider.collector.Channel.Terms;
import io.varve.provider.collector.profile.Profile;
import io.varve.provider.collector.profile.Profiles;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/// Captures a host over its vendor's channel, contained or not: puts the collector there, follows it, brings each part
/// here as soon as it is finished, and leaves nothing behind. The same for every vendor; what differs is a [Channel].
///
/// Steps: `host` (what was found), `containment_before`, `collector` (what runs there), `started`, `collected` (parts
/// and bytes), `cleaned`, `containment_after`; `plain` instead of the collector's where scripts may not be run, and
/// `containment_changed` when somebody changed it. Parts are in the upload; a step is not stored for each.
public final class ContainedCapture {
    private static final Duration TRY_AGAIN = Duration.ofSeconds(30);

    /// A way of the vendor's own to capture a host, instead of the collector's.
    @FunctionalInterface
    public interface Way {
        /// Returns when the bytes are in the capture's upload.
        void capture(RemoteHost host) throws ProviderException, InterruptedException, IOException;
    }

    private final HostDirectory hosts;
    private final Clock clock;
    private final Waiting waiting;
    private final UnaryOperator<Profile> fitting;

    public ContainedCapture(HostDirectory hosts, Clock clock, Waiting waiting) {
        this(hosts, clock, waiting, UnaryOperator.identity());
    }

    /// @param fitting makes the profile fit a host whose files lie elsewhere than usual
    public ContainedCapture(HostDirectory hosts, Clock clock, Waiting waiting, UnaryOperator<Profile> fitting) {
        this.fitting = fitting;
        this.hosts = hosts;
        this.clock = clock;
        this.waiting = waiting;
    }

    public void run(CaptureContext context) throws ProviderException, InterruptedException {
        kept(() -> captured(context));
    }

    /// Captures in a way of the vendor's own, with the same account of the host and its containment.
    public void run(CaptureContext context, Way way) throws ProviderException, InterruptedException {
        kept(() -> watched(context, (host, _) -> way.capture(host)));
    }

    private interface Stored {
        void run() throws ProviderException, InterruptedException, IOException;
    }

    private static void kept(Stored capture) throws ProviderException, InterruptedException {
        try {
            capture.run();
        } catch (IOException e) {
            throw new ProviderException(
                    Kind.FAILED, "the capture cannot be stored: " + e.getMessage(), java.util.Optional.of(TRY_AGAIN));
        }
    }

    private void captured(CaptureContext context) throws ProviderException, InterruptedException, IOException {
        watched(context, (host, watch) -> {
            if (context.step("cleaned").isPresent()) {
                // Delivering the collector once more would leave it there.
                return;
            }
            try (Channel channel = hosts.open(context.connection(), host, context)) {
                collect(context, host, channel, watch);
            }
        });
    }

    private interface Watched {
        void capture(RemoteHost host, ContainmentWatch watch)
                throws ProviderException, InterruptedException, IOException;
    }

    private void watched(CaptureContext context, Watched capture)
            throws ProviderException, InterruptedException, IOException {
        if (context.step("containment_after").isPresent()) {
            return;
        }
        Connection connection = context.connection();
        RemoteHost host = hosts.find(connection, context.target());
        found(context, host);
        var watch = new ContainmentWatch(hosts, connection, host, context, clock);
        watch.before();
        capture.capture(host, watch);
        watch.after();
    }

    private static void found(CaptureContext context, RemoteHost host) throws IOException {
        if (context.step("host").isPresent()) {
            return;
        }
        String facts = host.facts().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(fact -> fact.getKey() + " " + fact.getValue())
                .collect(Collectors.joining(", "));
        context.custody("host.found", "%s %s; %s".formatted(host.name(), host.id(), facts));
        if (!host.others().isEmpty()) {
            context.custody("host.others", "the same name, not captured: " + String.join("; ", host.others()));
        }
        context.completed("host", host.name() + " " + host.id());
    }

    private void collect(CaptureContext context, RemoteHost host, Channel channel, ContainmentWatch watch)
            throws ProviderException, InterruptedException, IOException {
        Profile profile = Profiles.named(context.profile())
                .map(fitting)
                .orElseThrow(() -> new ProviderException(Kind.REFUSED, "there is no profile " + context.profile()));
        Platform platform = host.platform()
                .orElseThrow(() -> new ProviderException(
                        Kind.REFUSED, "%s runs a system no collector is made for".formatted(host.name())));
        CollectorScript script = CollectorScripts.of(profile, platform);
        if (context.step("plain").isPresent() || !delivered(context, channel, script)) {
            new PlainCapture(context, clock).run(profile, platform, host, channel);
            return;
        }
        Terms terms = channel.terms();
        var collector = new Collector(channel, script, terms, context);
        try {
            follow(context, channel, collector, terms, watch);
        } catch (ProviderException e) {
            if (last(e.kind())) {
                clean(context, channel, collector, script);
            }
            throw e;
        }
        clean(context, channel, collector, script);
    }

    /// False when scripts may not be run and files can be fetched without them.
    private static boolean delivered(CaptureContext context, Channel channel, CollectorScript script)
            throws ProviderException, InterruptedException, IOException {
        try {
            String where = channel.deliver(script);
            if (context.step("collector").isEmpty()) {
                context.custody(
                        "collector.delivered",
                        "%s, SHA-256 %s, to %s".formatted(script.fileName(), script.sha256(), where));
                context.completed("collector", script.fileName());
            }
            return true;
        } catch (ProviderException e) {
            if (e.kind() != Kind.FORBIDDEN || !(channel instanceof PlainFiles)) {
                throw e;
            }
            context.custody("collector.refused", e.reason());
            context.completed("plain", e.reason());
            return false;
        }
    }

    private void follow(
            CaptureContext context, Channel channel, Collector collector, Terms terms, ContainmentWatch watch)
            throws ProviderException, InterruptedException, IOException {
        var parts = new PartFetch(channel, context, context.upload());
        if (context.step("collected").isPresent()) {
            return;
        }
        CollectorState state = started(context, collector, parts);
        while (true) {
            proceed(context);
            watch.look();
            switch (state.state()) {
                case RUNNING ->
                    context.progress(
                            parts.storedBytes(),
                            0,
                            "%s; %d of %d parts are here".formatted(state.text(), parts.stored(), state.parts()));
                case DONE -> {
                    if (parts.stored() == state.parts()) {
                        collected(context, state, parts);
                        return;
                    }
                }
                case FAILED ->
                    throw new ProviderException(Kind.REFUSED, "the collector failed on the host: " + state.text());
                case ABSENT ->
                    throw new ProviderException(
                            Kind.REFUSED,
                            "what the collector had gathered is gone from the host (%d parts are here): %s"
                                    .formatted(parts.stored(), state.text()));
            }
            List<CollectorState.Part> next = next(state, parts, terms);
            if (next.isEmpty()) {
                waiting.pass(terms.pollEvery());
            } else {
                parts.fetch(next, collector::file);
            }
            state = told(state, collector, parts, next.isEmpty());
        }
    }

    /// How far the collector is now. Each question is a call that the vendor counts: what was fetched is dropped in the
    /// same one, and nothing is asked when all is here.
    private static CollectorState told(CollectorState before, Collector collector, PartFetch parts, boolean waited)
            throws ProviderException, InterruptedException {
        boolean all = before.state() == CollectorState.State.DONE && parts.stored() == before.parts();
        if (all) {
            return before;
        }
        return waited || parts.stored() == 0 ? collector.state(parts.stored() + 1) : collector.drop(parts.stored());
    }

    private static CollectorState started(CaptureContext context, Collector collector, PartFetch parts)
            throws ProviderException, InterruptedException, IOException {
        if (context.step("started").isEmpty()) {
            CollectorState state = collector.start();
            if (state.state() == CollectorState.State.FAILED) {
                throw new ProviderException(Kind.REFUSED, "the collector cannot begin on the host: " + state.text());
            }
            context.custody("collector.started", "on the host, detached: " + state.text());
            context.completed("started", state.text());
        }
        return collector.state(parts.stored() + 1);
    }

    private static List<CollectorState.Part> next(CollectorState state, PartFetch parts, Terms terms)
            throws ProviderException {
        int first = parts.stored() + 1;
        List<CollectorState.Part> next = state.listed().stream()
                .filter(part -> part.number() >= first)
                .limit(terms.partsPerFetch())
                .toList();
        for (int i = 0; i < next.size(); i++) {
            if (next.get(i).size() > terms.partSize()) {
                throw new ProviderException(
                        Kind.REFUSED,
                        "part %d has %d bytes, more than was asked for"
                                .formatted(next.get(i).number(), next.get(i).size()));
            }
            if (next.get(i).number() != first + i || next.get(i).size() <= 0) {
                throw new ProviderException(
                        Kind.REFUSED, "the collector's list of parts has a gap at part " + (first + i));
            }
        }
        if (next.isEmpty() && state.parts() >= first) {
            throw new ProviderException(
                    Kind.FAILED,
                    "the collector says it has %d parts and does not list part %d".formatted(state.parts(), first));
        }
        return next;
    }

    private static void collected(CaptureContext context, CollectorState state, PartFetch parts) throws IOException {
        context.custody(
                "parts.verified",
                "%d parts, %,d bytes, each with the SHA-256 the host stated; %s"
                        .formatted(parts.stored(), parts.storedBytes(), state.text()));
        context.progress(parts.storedBytes(), parts.storedBytes(), "all parts are here");
        context.completed("collected", "%d parts, %d bytes".formatted(parts.stored(), parts.storedBytes()));
    }

    private void proceed(CaptureContext context) throws ProviderException {
        if (context.cancelled()) {
            throw new ProviderException(Kind.CANCELLED, "cancelled");
        }
        if (!clock.instant().isBefore(context.deadline())) {
            throw new ProviderException(Kind.REFUSED, "not done by " + context.deadline());
        }
    }

    /// No attempt follows one that ended so.
    private static boolean last(Kind kind) {
        return switch (kind) {
            case REFUSED, CANCELLED, FORBIDDEN, NOT_FOUND -> true;
            case OFFLINE, THROTTLED, FAILED -> false;
        };
    }

    /// Nothing of ours stays on the host. What could not be removed is said in custody and does not
    /// cost the evidence.
    private static void clean(CaptureContext context, Channel channel, Collector collector, CollectorScript script)
            throws InterruptedException, IOException {
        if (context.step("cleaned").isPresent()) {
            return;
        }
        String text;
        try {
            CollectorState left = collector.clean();
            String host = left.state() == CollectorState.State.ABSENT
                    ? "the collector's folder is gone from the host"
                    : "the collector's folder is still on the host: " + left.text();
            text = host + "; " + String.join("; ", channel.remove(script));
        } catch (ProviderException e) {
            text = "cleaning up failed, look for varve-%s on the host: %s".formatted(context.capture(), e.reason());
        }
        context.custody("host.cleaned", text);
        context.completed("cleaned", text);
    }
}
