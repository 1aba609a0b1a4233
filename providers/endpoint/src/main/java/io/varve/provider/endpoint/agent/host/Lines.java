package io.varve.provider.endpoint.agent.host;

import io.varve.provider.endpoint.agent.archive.Spool;
import io.varve.provider.endpoint.protocol.Json;
import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A member of JSON objects, one a line, each with the time it was observed.
public final class Lines {
    private static final int MOST = 500_000;

    private final Spool spool = new Spool();
    private final Clock clock;
    private long count;
    private long dropped;

    public Lines(Clock clock) {
        this.clock = clock;
    }

    /// One line being put together; absent values are left out.
    public static final class Line {
        private final Map<String, Object> values = new LinkedHashMap<>();

        public Line put(String key, Object value) {
            values.put(key, value);
            return this;
        }

        public Line put(String key, Optional<?> value) {
            value.ifPresent(present -> values.put(key, present));
            return this;
        }
    }

    /// Adds a line and says when it was read.
    public void observed(Line line) throws IOException {
        add(line.put("observed", clock.instant().toString()));
    }

    public void add(Line line) throws IOException {
        if (count >= MOST) {
            dropped++;
            return;
        }
        spool.write(Json.write(line.values));
        spool.write('\n');
        count++;
    }

    public long count() {
        return count;
    }

    /// Lines that were not kept because there were too many.
    public long dropped() {
        return dropped;
    }

    public Spool spool() {
        return spool;
    }
}
