package io.varve.provider.defender;

import io.varve.provider.Check;
import io.varve.provider.Check.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Compares the permissions that tokens carry with those Varve needs.
final class RightsCheck {
    /// Permissions with which Varve's registration could do harm.
    private static final Map<String, String> HARM = Map.of(
            "Machine.Isolate", "could isolate hosts and lift isolation",
            "Machine.Offboard", "could take hosts out of Defender",
            "Machine.RestrictExecution", "could stop programs on hosts",
            "Machine.StopAndQuarantine", "could stop and quarantine files",
            "Machine.Scan", "could start scans that change a host's traces");

    private RightsCheck() {}

    static Check of(Permission permission, List<String> roles, String application) {
        if (roles.contains(permission.text())) {
            return Check.ok(permission.text(), permission.use(), "granted");
        }
        if (permission.grantedBy(roles)) {
            String broad = permission.text().replace(".Read.", ".ReadWrite.");
            return Check.ok(permission.text(), permission.use(), "granted by the broader " + broad);
        }
        return new Check(
                permission.text(), permission.use(), Result.MISSING, "not granted", permission.mend(application));
    }

    /// What was granted to the application and is not needed.
    static List<Check> tooBroad(Service service, List<String> roles, String application) {
        List<String> needed = new ArrayList<>();
        for (Permission permission : Permission.values()) {
            if (permission.service() == service) {
                needed.add(permission.text());
            }
        }
        var checks = new ArrayList<Check>();
        for (String role : roles) {
            if (!needed.contains(role)) {
                checks.add(new Check(
                        role,
                        "nothing",
                        Result.TOO_BROAD,
                        HARM.getOrDefault(role, "granted, and never needed"),
                        "Entra admin center > App registrations > application %s > API permissions: remove %s"
                                .formatted(application, role)));
            }
        }
        return checks;
    }
}
