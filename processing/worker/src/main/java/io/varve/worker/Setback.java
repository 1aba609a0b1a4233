package io.varve.worker;

import io.varve.acquisition.Fallback;
import io.varve.acquisition.model.Capture;
import io.varve.acquisition.model.Captures;
import io.varve.database.Locks;
import io.varve.evidence.CustodyLog;
import io.varve.provider.ProviderException.Kind;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;

/// What is done about a capture that does not get on: how long it waits for a host that is offline, and the next
/// provider when it ends without success.
@ApplicationScoped
public class Setback {
    /// The step that says since when the host has been offline without a break.
    private static final String OFFLINE_SINCE = "offline_since";

    private final Captures captures;
    private final Fallback fallback;
    private final Locks locks;
    private final WorkerName name;

    Setback(Captures captures, Fallback fallback, Locks locks, WorkerName name) {
        this.captures = captures;
        this.fallback = fallback;
        this.locks = locks;
        this.name = name;
    }

    /// Until when this provider is tried on: only a host that is offline, with another provider left, ends patience.
    Instant patience(Capture capture, Kind kind, Instant now) {
        Optional<Instant> before = captures.find(capture.id())
                .map(stored -> stored.steps().getOrDefault(OFFLINE_SINCE, ""))
                .filter(text -> !text.isEmpty())
                .map(Instant::parse);
        if (kind != Kind.OFFLINE) {
            if (before.isPresent()) {
                since(capture, "");
            }
            return Instant.MAX;
        }
        if (before.isEmpty()) {
            since(capture, now.toString());
        }
        return capture.plan().next().isEmpty()
                ? Instant.MAX
                : before.orElse(now).plus(capture.plan().patience());
    }

    private void since(Capture capture, String at) {
        CaptureStates.change(captures, capture.id(), stored -> CaptureStates.withStep(stored, OFFLINE_SINCE, at));
    }

    /// Part of the transaction in which a capture ends and the next one is requested.
    void lock(Capture capture) {
        locks.transaction("acquisition:" + capture.organisation());
    }

    /// Tries the next provider, if the request has one left.
    void goOn(Capture ended, String reason, Instant now) {
        fallback.after(ended, reason, now);
    }

    /// Why a person asked for the capture, who approved it, and which one it stands in for.
    void custody(Capture capture, CustodyLog custody) throws IOException {
        String asked = capture.steps().getOrDefault(Capture.REASON, "");
        if (!asked.isEmpty()) {
            custody.appendOnce(name.actor(), "capture.reason", "%s: %s".formatted(capture.requestedBy(), asked));
        }
        Optional<Capture.Verdict> verdict = capture.plan().approval().flatMap(Capture.Approval::verdict);
        if (verdict.isPresent()) {
            custody.appendOnce(
                    name.actor(),
                    "capture.approved",
                    "by %s at %s: %s"
                            .formatted(
                                    verdict.get().by(),
                                    verdict.get().at(),
                                    verdict.get().reason()));
        }
        Optional<Capture> before = capture.plan().fallbackOf().flatMap(captures::find);
        if (before.isPresent()) {
            custody.appendOnce(
                    name.actor(),
                    "capture.fallback",
                    "after capture %s through %s failed: %s"
                            .formatted(
                                    before.get().id(),
                                    before.get().provider(),
                                    before.get().text()));
        }
    }
}
