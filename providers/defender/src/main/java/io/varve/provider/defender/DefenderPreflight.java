package io.varve.provider.defender;

import io.varve.provider.Check;
import io.varve.provider.Connection;
import io.varve.provider.Containment;
import io.varve.provider.Preflight;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.RemoteHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Looks at a machine and at the way to it. Nothing of it reaches the machine.
final class DefenderPreflight {
    private final Defenders defenders;
    private final DefenderHosts hosts;

    DefenderPreflight(Defenders defenders, DefenderHosts hosts) {
        this.defenders = defenders;
        this.hosts = hosts;
    }

    Preflight of(Connection connection, String target, String profile) throws ProviderException, InterruptedException {
        boolean packageOnly = profile.equals(InvestigationPackage.PROFILE);
        Defender defender = defenders.of(connection);
        List<Check> checks = new ArrayList<>(rights(defender, packageOnly));
        RemoteHost host;
        try {
            host = hosts.find(connection, target);
        } catch (ProviderException e) {
            if (e.kind() != Kind.NOT_FOUND) {
                throw e;
            }
            checks.add(new Check("host", "the capture", Check.Result.MISSING, e.reason(), "check the machine's id"));
            return new Preflight(
                    Optional.empty(),
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    Containment.UNKNOWN,
                    checks,
                    List.of());
        }
        checks.addAll(state(defender, host));
        return new Preflight(
                Optional.of(host.name()),
                host.platform().map(platform -> platform.text()),
                host.others(),
                host.online(),
                hosts.containment(connection, host),
                List.copyOf(checks),
                packageOnly ? packageTouches() : collectorTouches(defender));
    }

    private static List<Check> rights(Defender defender, boolean packageOnly) throws ProviderException {
        var permissions = packageOnly
                ? List.of(Permission.MACHINE_READ, Permission.FORENSICS)
                : List.of(Permission.MACHINE_READ, Permission.LIVE_RESPONSE, Permission.LIBRARY);
        List<String> roles = defender.api().roles(Service.DEFENDER);
        var checks = new ArrayList<Check>();
        for (Permission permission : permissions) {
            checks.add(RightsCheck.of(permission, roles, defender.tenant().application()));
        }
        return checks;
    }

    private static List<Check> state(Defender defender, RemoteHost host)
            throws ProviderException, InterruptedException {
        var checks = new ArrayList<Check>();
        checks.add(
                host.platform().isPresent()
                        ? Check.ok("platform", "the collector", host.facts().getOrDefault("osPlatform", ""))
                        : new Check(
                                "platform",
                                "the collector",
                                Check.Result.MISSING,
                                "no collector is made for " + host.facts().getOrDefault("osPlatform", "its system"),
                                ""));
        String onboarding = host.facts().getOrDefault("onboardingStatus", "");
        checks.add(
                onboarding.isEmpty() || onboarding.equalsIgnoreCase("onboarded")
                        ? Check.ok("onboarding", "live response", onboarding)
                        : new Check(
                                "onboarding",
                                "live response",
                                Check.Result.FAILED,
                                "the machine is " + onboarding,
                                "onboard it to Defender for Endpoint"));
        List<MachineAction> open = defender
                .actions("machineId eq %s and type eq 'LiveResponse'".formatted(MicrosoftApi.quoted(host.id())))
                .rows()
                .stream()
                .filter(MachineAction::open)
                .toList();
        checks.add(
                open.isEmpty()
                        ? Check.ok(
                                "live response session",
                                "one at a time on a machine",
                                "none is known; sessions from the portal are not listed")
                        : new Check(
                                "live response session",
                                "one at a time on a machine",
                                Check.Result.FAILED,
                                "machine action %s by %s is open"
                                        .formatted(
                                                open.getFirst().id(),
                                                open.getFirst().requestor()),
                                "the capture waits for its end"));
        checks.add(Check.ok(
                "limits",
                "the tenant's other captures",
                "%d live responses a minute and 25 at once in the tenant; an offline machine is waited for up to 3 days"
                        .formatted(defender.tenant().actionsPerMinute())));
        return checks;
    }

    private static List<String> collectorTouches(Defender defender) {
        var touches = new ArrayList<>(List.of(
                "Puts one script into the tenant's live response library"
                        + (defender.tenant().keepsScript() ? "." : " and removes it at the end."),
                "Runs it on the host at lowest priority, in a folder of its own; it reads, and writes only there.",
                "Fetches the parts of the collection through Defender, then removes the folder.",
                "Opens no connection from the host and leaves its isolation as it is."));
        return List.copyOf(touches);
    }

    private static List<String> packageTouches() {
        return List.of(
                "Defender's own sensor collects an investigation package on the host; nothing of Varve's runs there.",
                "The package is fetched from Microsoft's storage; its isolation is left as it is.");
    }
}
