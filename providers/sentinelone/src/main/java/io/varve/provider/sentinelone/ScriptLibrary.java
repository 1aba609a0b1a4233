package io.varve.provider.sentinelone;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.CollectorScript;
import io.varve.provider.http.Multipart;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The collector in the console's script library. Each capture has a script of its own, named after it, and deletes it;
/// with the setting `script_library` = `shared` there is one for each content, which stays.
final class ScriptLibrary {
    private static final String PATH = "/remote-scripts";
    private static final String STEP = "channel.script";
    private static final String RUNTIME = "600";
    private static final int MOST_ROWS = 1000;

    private final Site site;

    ScriptLibrary(Site site) {
        this.site = site;
    }

    /// A script as the library lists it.
    record Entry(String id, String signature) {
        private static Entry of(JsonNode row) {
            return new Entry(
                    row.path("id").asText(""),
                    SentinelOne.text(row, "signature").orElse("none").replace(' ', '_'));
        }

        String text() {
            return id + " " + signature;
        }
    }

    /// Finds the collector there, or puts it there.
    Entry deliver(CollectorScript script) throws ProviderException, InterruptedException {
        List<JsonNode> rows = named(name(script));
        Optional<String> before = site.context().step(STEP);
        for (JsonNode row : rows) {
            Entry entry = Entry.of(row);
            if (SentinelOne.id(entry.id())
                    && (before.filter(entry.text()::equals).isPresent() || same(row, entry, script))) {
                return known(entry);
            }
        }
        if (before.isPresent()) {
            site.custody(
                    "collector.changed",
                    "script %s in SentinelOne's library was changed or deleted by somebody; a new one is put there"
                            .formatted(before.get()));
        }
        return known(upload(script));
    }

    private Entry known(Entry entry) {
        if (site.context().step(STEP).isEmpty()) {
            site.context().completed(STEP, entry.text());
        }
        return entry;
    }

    private Entry upload(CollectorScript script) throws ProviderException, InterruptedException {
        var form = new Multipart();
        form.field("scriptName", name(script));
        form.field("scriptType", "artifactCollection");
        form.field("osTypes", script.platform().text());
        form.field("inputRequired", "true");
        form.field("inputExample", "state /var/tmp c-0 1");
        form.field("inputInstructions", "set by Varve");
        form.field(
                "scriptDescription", "Varve collector, profile " + script.profile() + ", SHA-256 " + script.sha256());
        form.field("scriptRuntimeTimeoutSeconds", RUNTIME);
        scope().forEach(form::field);
        form.file("file", script.fileName(), script.content());
        JsonNode row = site.client().upload(Right.SCRIPT_UPLOAD, PATH, form).path("data");
        if (!SentinelOne.id(row.path("id").asText(""))) {
            row = named(name(script)).stream()
                    .findFirst()
                    .orElseThrow(() -> new ProviderException(
                            Kind.FAILED,
                            "SentinelOne took the collector and does not list it",
                            Optional.of(Site.TRY_AGAIN)));
        }
        Entry entry = Entry.of(row);
        site.custody(
                "collector.uploaded",
                "script %s; SentinelOne states signature %s (%s), ours is SHA-256 %s"
                        .formatted(
                                entry.id(),
                                entry.signature(),
                                SentinelOne.text(row, "signatureType").orElse("type not stated"),
                                script.sha256()));
        return entry;
    }

    /// The narrowest scope that holds the host: the integration's, else the host's own site.
    private Map<String, String> scope() throws ProviderException {
        var scope = new LinkedHashMap<String, String>();
        Optional<String> own = site.client().connection().setting("site_id");
        Optional<String> account = site.client().connection().setting("account_id");
        Optional<String> hosts = Optional.ofNullable(site.host().facts().get("siteId"));
        if (own.isEmpty() && hosts.isEmpty() && account.isPresent()) {
            scope.put("scopeLevel", "account");
            scope.put("scopeId", account.get());
            return scope;
        }
        scope.put("scopeLevel", "site");
        scope.put(
                "scopeId",
                own.or(() -> hosts)
                        .orElseThrow(() -> new ProviderException(
                                Kind.REFUSED, "SentinelOne does not say which site the host is in: set site_id")));
        return scope;
    }

    /// True when the console would ask a second person before it runs this script there.
    boolean needsApproval(Entry entry) throws ProviderException, InterruptedException {
        try {
            return site.client()
                    .ask(
                            Right.SCRIPT_VIEW,
                            PATH + "/guardrails/check",
                            Map.of(
                                    "data",
                                    Map.of("agentIds", List.of(site.host().id()), "scriptId", entry.id())))
                    .path("data")
                    .path("requiresApproval")
                    .asBoolean(false);
        } catch (ProviderException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return false;
            }
            throw e;
        }
    }

    /// @return what was removed and what stays, a line each
    List<String> remove(CollectorScript script) throws ProviderException, InterruptedException {
        if (site.settings().sharedScript()) {
            return List.of("the collector stays in SentinelOne's script library as %s: it is shared by setting"
                    .formatted(name(script)));
        }
        List<String> ids = named(name(script)).stream()
                .map(row -> row.path("id").asText(""))
                .filter(SentinelOne::id)
                .toList();
        if (ids.isEmpty()) {
            return List.of("the collector is not in SentinelOne's script library");
        }
        try {
            site.client().delete(Right.SCRIPT_DELETE, PATH, Map.of("filter", Map.of("ids", ids)));
            return List.of("script %s is deleted from SentinelOne's library".formatted(String.join(" ", ids)));
        } catch (ProviderException e) {
            if (e.kind() != Kind.FORBIDDEN) {
                throw e;
            }
            return List.of("script %s stays in SentinelOne's library: %s".formatted(String.join(" ", ids), e.reason()));
        }
    }

    private List<JsonNode> named(String name) throws ProviderException, InterruptedException {
        var query = new LinkedHashMap<>(site.client().scope());
        query.put("query", name);
        query.put("scriptType", "artifactCollection");
        var rows = new ArrayList<JsonNode>();
        for (JsonNode row : site.client().rows(Right.SCRIPT_VIEW, PATH, query, MOST_ROWS)) {
            if (row.path("scriptName").asText("").equals(name)) {
                rows.add(row);
            }
        }
        return rows;
    }

    private String name(CollectorScript script) {
        String base = script.fileName().replaceFirst("\\.[a-z0-9]+$", "");
        return site.settings().sharedScript()
                ? base
                : base + "-" + site.context().capture();
    }

    /// Whether the library holds these very bytes: by the signature it states, else by the content
    /// itself.
    private boolean same(JsonNode row, Entry entry, CollectorScript script)
            throws ProviderException, InterruptedException {
        if (row.path("signature").asText("").equalsIgnoreCase(script.sha256().hex())) {
            return true;
        }
        try {
            JsonNode content = site.client()
                    .read(Right.SCRIPT_VIEW, PATH + "/script-content", Map.of("scriptId", entry.id()))
                    .path("data")
                    .path("scriptContent");
            return content.asText("").equals(new String(script.content(), StandardCharsets.UTF_8));
        } catch (ProviderException e) {
            if (e.kind() == Kind.NOT_FOUND || e.kind() == Kind.REFUSED) {
                return false;
            }
            throw e;
        }
    }
}
