package io.varve.worker;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jboss.logging.Logger;

/// What an engine says on standard error, as our log may hold it: so many lines, so long, printable. The engine reads
/// hostile bytes and may say what they want it to say.
final class EngineLog {
    private static final Logger LOG = Logger.getLogger(EngineLog.class);
    private static final int MOST_LINES = 200;
    private static final int LONGEST_LINE = 500;

    private EngineLog() {}

    /// Reads until the engine closes it, so that the engine never waits for us.
    static void follow(InputStream standardError) {
        var line = new StringBuilder();
        int lines = 0;
        try (var in = new BufferedInputStream(standardError)) {
            for (int next = in.read(); next >= 0; next = in.read()) {
                if (next != '\n' && line.length() < LONGEST_LINE) {
                    line.append(next >= ' ' && next < 0x7f ? (char) next : '?');
                }
                if (next == '\n') {
                    if (lines++ < MOST_LINES) {
                        LOG.infof("engine: %s", line);
                    }
                    line.setLength(0);
                }
            }
        } catch (IOException e) {
            LOG.debugf("engine log: %s", e.getMessage());
        }
    }
}
