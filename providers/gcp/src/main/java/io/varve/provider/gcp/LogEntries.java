package io.varve.provider.gcp;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.record.RecordSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Log entries that a filter chooses, the oldest first.
///
/// Google lets a project be asked 60 times a minute, by whomever: there is a second between two pages.
///
/// @see <a href="https://cloud.google.com/logging/docs/reference/v2/rest/v2/entries/list">entries.list</a>
final class LogEntries implements RecordSource {
    private static final String SERVICE = "https://logging.googleapis.com";
    private static final JsonMapper JSON = new JsonMapper();
    private static final int PAGE = 1_000;

    private final Cloud cloud;
    private final Patience patience;
    private final Path scratch;
    private final Log log;

    LogEntries(Cloud cloud, Patience patience, Path scratch, Log log) {
        this.cloud = cloud;
        this.patience = patience;
        this.scratch = scratch;
        this.log = log;
    }

    /// @param what for a message, e.g. `log entries of web-1`
    /// @param projects that are asked
    /// @param gap what is not among the entries
    record Log(String path, String artifact, String what, List<String> projects, String filter, Gap gap) {}

    @FunctionalInterface
    interface Gap {
        /// Empty when nothing is known to be missing.
        Optional<String> look() throws ProviderException, InterruptedException;
    }

    @Override
    public String path() {
        return log.path();
    }

    @Override
    public String artifact() {
        return log.artifact();
    }

    /// @throws ProviderException also after all there is was handed over, when something is missing
    @Override
    public void read(Window window, Lines lines) throws ProviderException, InterruptedException, IOException {
        Optional<String> gap = log.gap().look();
        if (!log.projects().isEmpty()) {
            pages(window, lines);
        }
        if (gap.isPresent()) {
            throw new ProviderException(Kind.FORBIDDEN, gap.get());
        }
    }

    private void pages(Window window, Lines lines) throws ProviderException, InterruptedException, IOException {
        String token = "";
        while (true) {
            Path file = Files.createTempFile(scratch, "entries", ".json");
            String next;
            try {
                EntryPage page = page(window, token, file);
                if (!page.give(lines)) {
                    return;
                }
                next = page.next();
            } finally {
                Files.deleteIfExists(file);
            }
            if (next.isEmpty()) {
                return;
            }
            if (next.equals(token)) {
                throw new ProviderException(Kind.FAILED, reading() + ": Google hands out the same page again");
            }
            token = next;
            patience.pass(reading());
        }
    }

    private EntryPage page(Window window, String token, Path file)
            throws ProviderException, InterruptedException, IOException {
        ObjectNode request = JSON.createObjectNode();
        ArrayNode projects = request.putArray("resourceNames");
        log.projects().forEach(project -> projects.add("projects/" + project));
        request.put("filter", LogFilter.within(window, log.filter()))
                .put("orderBy", "timestamp asc")
                .put("pageSize", PAGE);
        if (!token.isEmpty()) {
            request.put("pageToken", token);
        }
        try {
            return cloud.calls().of(reading(), () -> {
                cloud.rest().fetch(SERVICE, "/v2/entries:list", request, file);
                return EntryPage.of(file);
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (ProviderException e) {
            throw e.kind() == Kind.FORBIDDEN ? named(e) : e;
        }
    }

    private String reading() {
        return "reading " + log.what();
    }

    /// Google does not always name the right that is missing.
    private ProviderException named(ProviderException e) {
        return new ProviderException(
                Kind.FORBIDDEN,
                "%s. Needed in %s: %s, for data access logs %s, and the API logging.googleapis.com"
                        .formatted(e.reason(), log.projects(), LogRights.ENTRIES, LogRights.PRIVATE));
    }
}
