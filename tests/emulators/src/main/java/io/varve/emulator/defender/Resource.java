package io.varve.emulator.defender;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What a token is asked for.
public enum Resource {
    DEFENDER("https://api.securitycenter.microsoft.com", "https://securitycenter.onmicrosoft.com/windowsatpservice"),
    GRAPH("https://graph.microsoft.com"),
    AZURE("https://management.azure.com", "https://management.core.windows.net/"),
    /// Pages of managed disks; the slash belongs to the name.
    DISK("https://disk.azure.com/"),
    STORAGE("https://storage.azure.com");

    private final List<String> audiences;

    Resource(String... audiences) {
        this.audiences = List.of(audiences);
    }

    String audience() {
        return audiences.getFirst();
    }

    /// The resource of a scope such as `https://graph.microsoft.com/.default`.
    static Optional<Resource> ofScope(String scope) {
        return Arrays.stream(values())
                .filter(resource ->
                        resource.audiences.stream().anyMatch(audience -> scope.equals(audience + "/.default")))
                .findFirst();
    }

    /// True for permissions that tokens for this resource list; Azure's roles are looked up instead.
    boolean lists(String role) {
        boolean graph = role.startsWith("Security") || role.startsWith("AuditLog");
        return switch (this) {
            case DEFENDER -> !graph && !role.startsWith("Microsoft");
            case GRAPH -> graph;
            case AZURE, DISK, STORAGE -> false;
        };
    }
}
