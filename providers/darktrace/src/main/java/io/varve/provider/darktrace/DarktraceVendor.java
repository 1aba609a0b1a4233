package io.varve.provider.darktrace;

import com.google.auto.service.AutoService;
import io.varve.provider.AlertFeed;
import io.varve.provider.Check;
import io.varve.provider.Check.Result;
import io.varve.provider.Connection;
import io.varve.provider.Console;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.Vendor;
import io.varve.provider.Waiting;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Darktrace: what its token may read, its findings, comments on them. It has no way to a host's files, so captures of
/// what it finds go through whoever has an agent there.
@AutoService(Vendor.class)
public final class DarktraceVendor implements Vendor {
    private static final int MOST = 100;

    private final Clock clock;
    private final Waiting waiting;
    private final Map<Connection, Darktrace> clients = new LinkedHashMap<>(16, 0.75f, true);

    public DarktraceVendor() {
        this(Clock.systemUTC(), Thread::sleep);
    }

    DarktraceVendor(Clock clock, Waiting waiting) {
        this.clock = clock;
        this.waiting = waiting;
    }

    @Override
    public String name() {
        return "darktrace";
    }

    private synchronized Darktrace client(Connection connection) throws ProviderException {
        Darktrace client = clients.get(connection);
        if (client == null) {
            client = new Darktrace(connection, clock, waiting);
            clients.put(connection, client);
            if (clients.size() > MOST) {
                clients.remove(clients.keySet().iterator().next());
            }
        }
        return client;
    }

    @Override
    public List<Check> check(Connection connection) throws ProviderException, InterruptedException {
        Darktrace darktrace = client(connection);
        var checks = new ArrayList<Check>();
        String version =
                darktrace.read("/status", new TreeMap<>()).path("version").asText("unknown version");
        checks.add(Check.ok("Status", "to reach Darktrace", version.substring(0, Math.min(version.length(), 60))));
        for (Finding kind : Finding.values()) {
            checks.add(readable(darktrace, kind));
        }
        checks.add(new Check(
                "Comments",
                "to leave the link to the Forensics tab",
                Result.UNKNOWN,
                "cannot be seen without leaving one",
                "Send a test comment, or look at the permissions of the token's user in Darktrace."));
        return checks;
    }

    private Check readable(Darktrace darktrace, Finding kind) throws ProviderException, InterruptedException {
        String name = switch (kind) {
            case GROUP -> "AI Analyst groups";
            case EVENT -> "AI Analyst incident events";
            case BREACH -> "Model breaches";
        };
        long now = clock.millis();
        var query = new TreeMap<String, String>();
        query.put("starttime", Long.toString(now - 60_000));
        query.put("endtime", Long.toString(now));
        try {
            darktrace.read(kind.path(), query);
            return Check.ok(name, "to fetch alerts", "readable");
        } catch (ProviderException e) {
            if (e.kind() != Kind.FORBIDDEN && e.kind() != Kind.NOT_FOUND) {
                throw e;
            }
            Result result = e.kind() == Kind.FORBIDDEN ? Result.MISSING : Result.FAILED;
            return new Check(name, "to fetch alerts", result, e.reason(), e.reason());
        }
    }

    @Override
    public Optional<AlertFeed> feed() {
        return Optional.of((connection, cursor, now) -> new Findings(client(connection)).next(cursor, now));
    }

    @Override
    public Optional<Console> console() {
        return Optional.of((connection, subject, text) -> new Comments(client(connection)).leave(subject, text));
    }
}
