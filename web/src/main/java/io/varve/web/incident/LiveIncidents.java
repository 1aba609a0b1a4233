package io.varve.web.incident;

import io.quarkus.runtime.ShutdownEvent;
import io.varve.acquisition.model.IncidentId;
import io.varve.database.Changes;
import io.varve.web.problem.Code;
import io.varve.web.problem.ProblemException;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/// Tells everybody who follows an incident that something about it changed. All followers of one incident share one
/// look into the database per interval; an incident nobody follows is not looked at.
@ApplicationScoped
public class LiveIncidents {
    private static final Logger LOG = Logger.getLogger(LiveIncidents.class);
    private static final int MOST_FOLLOWERS = 1_000;
    private static final Duration INTERVAL = Duration.ofMillis(700);
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final Changes changes;
    private final Map<IncidentId, List<Follower>> followers = new HashMap<>();
    private final CountDownLatch stopped = new CountDownLatch(1);

    LiveIncidents(Changes changes) {
        this.changes = changes;
    }

    private record Follower(SseEventSink sink, Sse sse) {}

    void follow(IncidentId incident, SseEventSink sink, Sse sse) {
        long position = changes.now();
        synchronized (followers) {
            if (followers.values().stream().mapToInt(List::size).sum() >= MOST_FOLLOWERS) {
                throw new ProblemException(Code.UNAVAILABLE, "Too many pages follow incidents already.");
            }
            boolean first = !followers.containsKey(incident);
            followers
                    .computeIfAbsent(incident, id -> new CopyOnWriteArrayList<>())
                    .add(new Follower(sink, sse));
            if (first) {
                Thread.ofVirtual().name("incident-" + incident).start(() -> watch(incident, position));
            }
        }
        sink.send(sse.newEventBuilder().comment("following").build());
    }

    void stop(@Observes ShutdownEvent event) {
        stopped.countDown();
    }

    private void watch(IncidentId incident, long start) {
        long position = start;
        long lastBeat = System.nanoTime();
        try {
            while (!stopped.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                List<Follower> here = present(incident);
                if (here.isEmpty()) {
                    return;
                }
                Changes.News news = news(incident, position);
                position = news.position();
                news.what().forEach(what -> here.forEach(follower -> send(follower, changed(follower.sse(), what))));
                if (System.nanoTime() - lastBeat > HEARTBEAT.toNanos()) {
                    lastBeat = System.nanoTime();
                    here.forEach(follower -> send(
                            follower,
                            follower.sse().newEventBuilder().comment("here").build()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Nothing new while the database does not answer: followers stay and hear of it later.
    private Changes.News news(IncidentId incident, long position) {
        try {
            return changes.since(incident, position);
        } catch (RuntimeException e) {
            LOG.warnf("cannot look for changes of %s: %s", incident, e.getMessage());
            return new Changes.News(Set.of(), position);
        }
    }

    /// Followers still connected; forgets the incident when there are none.
    private List<Follower> present(IncidentId incident) {
        synchronized (followers) {
            List<Follower> here = followers.getOrDefault(incident, List.of());
            here.removeIf(follower -> follower.sink().isClosed());
            if (here.isEmpty()) {
                followers.remove(incident);
            }
            return here;
        }
    }

    private static OutboundSseEvent changed(Sse sse, Changes.What what) {
        return sse.newEventBuilder()
                .name("changed")
                .data("{\"what\":\"%s\"}".formatted(what.name().toLowerCase(Locale.ROOT)))
                .build();
    }

    private static void send(Follower follower, OutboundSseEvent event) {
        try {
            follower.sink().send(event).exceptionally(problem -> {
                follower.sink().close();
                return null;
            });
        } catch (IllegalStateException e) {
            follower.sink().close();
        }
    }
}
