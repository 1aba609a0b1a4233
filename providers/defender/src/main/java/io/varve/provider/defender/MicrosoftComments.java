package io.varve.provider.defender;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.provider.Connection;
import io.varve.provider.Console;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.http.Call;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;

/// Comments on alerts of Graph and Defender, and on incidents of Sentinel. A text that is there already is not left
/// again.
final class MicrosoftComments implements Console {
    private static final String SENTINEL = "/providers/Microsoft.SecurityInsights/incidents/";
    private static final String VERSION = "?api-version=2024-03-01";

    private final Defenders defenders;

    MicrosoftComments(Defenders defenders) {
        this.defenders = defenders;
    }

    @Override
    public void comment(Connection connection, Subject subject, String text)
            throws ProviderException, InterruptedException {
        MicrosoftApi api = defenders.of(connection).api();
        switch (subject.source()) {
            case "graph" -> graph(api, subject.alert(), text);
            case "defender" -> defender(api, subject.alert(), text);
            case "sentinel" -> sentinel(api, connection, subject, text);
            default ->
                throw new ProviderException(Kind.REFUSED, "Microsoft has no alerts of source " + subject.source());
        }
    }

    private static void graph(MicrosoftApi api, String alert, String text)
            throws ProviderException, InterruptedException {
        String path = "/v1.0/security/alerts_v2/" + MicrosoftApi.encoded(alert);
        if (there(api.read(Permission.GRAPH_ALERT_WRITE, path), text)) {
            return;
        }
        ObjectNode comment = JsonNodeFactory.instance
                .objectNode()
                .put("@odata.type", "microsoft.graph.security.alertComment")
                .put("comment", text);
        write(api, Permission.GRAPH_ALERT_WRITE, "POST", path + "/comments", comment);
    }

    private static void defender(MicrosoftApi api, String alert, String text)
            throws ProviderException, InterruptedException {
        String path = "/api/alerts/" + MicrosoftApi.encoded(alert);
        if (there(api.read(Permission.ALERT_WRITE, path), text)) {
            return;
        }
        write(
                api,
                Permission.ALERT_WRITE,
                "PATCH",
                path,
                JsonNodeFactory.instance.objectNode().put("comment", text));
    }

    private static boolean there(JsonNode alert, String text) {
        for (JsonNode comment : alert.path("comments")) {
            if (comment.path("comment").asText().strip().equals(text.strip())) {
                return true;
            }
        }
        return false;
    }

    /// The comment's id follows from its text, so writing it again changes nothing.
    private static void sentinel(MicrosoftApi api, Connection connection, Subject subject, String text)
            throws ProviderException, InterruptedException {
        String workspace = workspace(connection);
        String incident = incident(subject, workspace);
        UUID id = UUID.nameUUIDFromBytes((incident + "\n" + text).getBytes(StandardCharsets.UTF_8));
        ObjectNode comment = JsonNodeFactory.instance.objectNode();
        comment.putObject("properties").put("message", text);
        write(
                api,
                Permission.SENTINEL_RESPOND,
                "PUT",
                workspace + SENTINEL + MicrosoftApi.encoded(incident) + "/comments/" + id + VERSION,
                comment);
    }

    /// Resource id of the workspace, without a slash at its end.
    static String workspace(Connection connection) throws ProviderException {
        String id = connection.required("workspace_resource_id").strip().replaceAll("/+$", "");
        if (id.matches(
                "(?i)/subscriptions/[^/?#%\\s]+/resourceGroups/[^/?#%\\s]+/providers/Microsoft.OperationalInsights/workspaces/[^/?#%\\s]+")) {
            return id;
        }
        throw new ProviderException(
                Kind.REFUSED,
                ("integration %s: workspace_resource_id must be like /subscriptions/…/resourceGroups/…/providers/"
                                + "Microsoft.OperationalInsights/workspaces/…")
                        .formatted(connection.name()));
    }

    /// The incident's name, which is a UUID. Alerts may carry its whole resource id.
    private static String incident(Subject subject, String workspace) throws ProviderException {
        String id = subject.group().filter(group -> !group.matches("\\d+")).orElse(subject.alert());
        String prefix = (workspace + SENTINEL).toLowerCase(Locale.ROOT);
        String name = id.toLowerCase(Locale.ROOT).startsWith(prefix) ? id.substring(prefix.length()) : id;
        if (name.matches("[A-Za-z0-9-]{1,64}")) {
            return name;
        }
        throw new ProviderException(
                Kind.REFUSED, "the alert names no incident of the workspace that the integration is set up for");
    }

    private static void write(MicrosoftApi api, Permission permission, String method, String path, ObjectNode body)
            throws ProviderException, InterruptedException {
        Call call = Call.json(
                method, api.at(permission.service(), path), body.toString().getBytes(StandardCharsets.UTF_8));
        api.send(permission, method.equals("PUT") ? call.again() : call);
    }
}
