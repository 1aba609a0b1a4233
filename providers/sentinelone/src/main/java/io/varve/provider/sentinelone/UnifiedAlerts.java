package io.varve.provider.sentinelone;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The console's Unified Alerts, asked by GraphQL: read, and given notes. Its action mutations are not used.
final class UnifiedAlerts {
    private static final String PATH = "/unifiedalerts/graphql";
    private static final int PAGE = 100;
    private static final String ALERTS = """
            query Alerts($first: Int, $after: String, $filters: [FilterInput!]) {
              alerts(first: $first, after: $after, filters: $filters, viewType: ALL) {
                edges {
                  node {
                    id externalId name description severity status analystVerdict classification confidenceLevel
                    detectedAt createdAt firstSeenAt lastSeenAt updatedAt storylineId selfLink result
                    analytics { category name typeValue uid }
                    assets { id name category osType osVersion agentUuid agentVersion connectivityToConsole primary }
                    detectionTime { scope { accountId accountName siteId siteName } }
                    indicators { uid type message eventTime severity }
                    observables { name type value }
                    process { cmdLine parentName username file { name path size md5 sha1 sha256 } }
                  }
                }
                pageInfo { hasNextPage endCursor }
              }
            }
            """;
    private static final String NOTE = """
            mutation AddAlertNote($alertId: ID!, $text: String!) {
              addAlertNote(alertId: $alertId, text: $text) { data { id } }
            }
            """;

    private final SentinelOne client;

    UnifiedAlerts(SentinelOne client) {
        this.client = client;
    }

    /// @param next cursor of the next page; empty when this was the last
    record Page(List<JsonNode> alerts, Optional<String> next) {}

    /// Alerts that were detected at this time or later.
    Page page(Instant since, Optional<String> after) throws ProviderException, InterruptedException {
        var filter = Map.of("fieldId", "updatedAt", "dateRange", Map.of("from", since.toEpochMilli()));
        var variables = new LinkedHashMap<String, Object>();
        variables.put("first", PAGE);
        after.ifPresent(cursor -> variables.put("after", cursor));
        variables.put("filters", List.of(filter));
        JsonNode found = asked(Right.UNIFIED_ALERTS, ALERTS, variables).path("alerts");
        var alerts = new ArrayList<JsonNode>();
        found.path("edges").forEach(edge -> alerts.add(edge.path("node")));
        boolean more = found.path("pageInfo").path("hasNextPage").asBoolean(false);
        return new Page(alerts, more ? SentinelOne.text(found.path("pageInfo"), "endCursor") : Optional.empty());
    }

    void first() throws ProviderException, InterruptedException {
        asked(Right.UNIFIED_ALERTS, ALERTS, Map.of("first", 1));
    }

    void note(String alert, String text) throws ProviderException, InterruptedException {
        asked(Right.UNIFIED_NOTES, NOTE, Map.of("alertId", alert, "text", text));
    }

    private JsonNode asked(Right right, String query, Map<String, Object> variables)
            throws ProviderException, InterruptedException {
        Map<String, Object> body = Map.of("query", query, "variables", variables);
        JsonNode answer =
                right == Right.UNIFIED_ALERTS ? client.ask(right, PATH, body) : client.post(right, PATH, body);
        if (!answer.path("errors").isEmpty()) {
            String said = SentinelOne.printable(
                    answer.path("errors").path(0).path("message").asText("an error without words"), 300);
            boolean refused =
                    said.toLowerCase(java.util.Locale.ROOT).matches(".*(permission|forbidden|unauthori[sz]ed).*");
            throw new ProviderException(
                    refused ? Kind.FORBIDDEN : Kind.REFUSED,
                    "SentinelOne's unified alerts: %s%s".formatted(said, refused ? "; " + right.mend() : ""));
        }
        return answer.path("data");
    }
}
