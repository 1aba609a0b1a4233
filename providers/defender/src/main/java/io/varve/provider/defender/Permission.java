package io.varve.provider.defender;

import java.util.List;

/// An application permission that Varve asks for, and what for. `Machine.Isolate` is not among them: without it nobody
/// can lift a containment with Varve's registration.
enum Permission {
    MACHINE_READ(Service.DEFENDER, "Machine.Read.All", "finding hosts, their isolation, and following actions"),
    LIVE_RESPONSE(
            Service.DEFENDER,
            "Machine.LiveResponse",
            "running the collector and fetching files; without it the profile investigation-package is left"),
    LIBRARY(Service.DEFENDER, "Library.Manage", "putting the collector into the live response library"),
    FORENSICS(Service.DEFENDER, "Machine.CollectForensics", "the investigation package"),
    ALERT_READ(Service.DEFENDER, "Alert.Read.All", "alerts of Defender itself (setting feed: defender)"),
    ALERT_WRITE(Service.DEFENDER, "Alert.ReadWrite.All", "comments on alerts of Defender itself"),
    GRAPH_ALERT_READ(Service.GRAPH, "SecurityAlert.Read.All", "alerts from Microsoft Graph"),
    GRAPH_ALERT_WRITE(Service.GRAPH, "SecurityAlert.ReadWrite.All", "comments on alerts of Microsoft Graph"),
    SENTINEL_READ(Service.AZURE, "Microsoft Sentinel Reader", "seeing incidents of Microsoft Sentinel"),
    SENTINEL_RESPOND(Service.AZURE, "Microsoft Sentinel Responder", "comments on incidents of Microsoft Sentinel");

    private final Service service;
    private final String text;
    private final String use;

    Permission(Service service, String text, String use) {
        this.service = service;
        this.text = text;
        this.use = use;
    }

    Service service() {
        return service;
    }

    /// As Microsoft names it.
    String text() {
        return text;
    }

    /// What Varve needs it for.
    String use() {
        return use;
    }

    /// True when one of these roles allows it.
    boolean grantedBy(List<String> roles) {
        return roles.contains(text) || roles.contains(text.replace(".Read.", ".ReadWrite."));
    }

    /// How an administrator grants it.
    String mend(String application) {
        return switch (service) {
            case DEFENDER -> grant(application, "APIs my organization uses > WindowsDefenderATP");
            case GRAPH -> grant(application, "Microsoft Graph");
            case AZURE ->
                "Azure portal > the Log Analytics workspace of Sentinel > Access control (IAM) > Add role assignment: "
                        + "%s to application %s".formatted(text, application);
        };
    }

    private String grant(String application, String api) {
        return ("Entra admin center > App registrations > application %s > API permissions > Add a permission > %s > "
                        + "Application permissions: %s; then Grant admin consent")
                .formatted(application, api, text);
    }
}
