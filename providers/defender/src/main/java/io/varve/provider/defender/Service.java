package io.varve.provider.defender;

import java.net.URI;
import java.util.List;
import java.util.Locale;

/// The three Microsoft services we call, each with tokens of its own.
enum Service {
    DEFENDER("base_url", "https://api.security.microsoft.com", "https://api.securitycenter.microsoft.com"),
    GRAPH("graph_url", "https://graph.microsoft.com", "https://graph.microsoft.com"),
    AZURE("arm_url", "https://management.azure.com", "https://management.azure.com");

    /// Ends of host names in Microsoft's national clouds, where a service's address names its tokens.
    private static final List<String> NATIONAL =
            List.of(".microsoft.us", ".usgovcloudapi.net", ".chinacloudapi.cn", ".azure.us", ".azure.cn");

    private final String setting;
    private final String standard;
    private final String resource;

    Service(String setting, String standard, String resource) {
        this.setting = setting;
        this.standard = standard;
        this.resource = resource;
    }

    String setting() {
        return setting;
    }

    String standard() {
        return standard;
    }

    /// What tokens for the service at this address are asked for.
    String scope(URI address) {
        String host = String.valueOf(address.getHost()).toLowerCase(Locale.ROOT);
        boolean national = NATIONAL.stream().anyMatch(host::endsWith);
        return (national ? "https://" + host : resource) + "/.default";
    }
}
