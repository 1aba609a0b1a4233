package io.varve.provider.azure;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.provider.Check;
import io.varve.provider.Check.Result;
import io.varve.provider.ProviderException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What the identity may do in a scope, as Azure itself lists it: one permission for each role that was assigned, each
/// with what it allows and what it leaves out.
///
/// @see <a href="https://learn.microsoft.com/rest/api/authorization/permissions">Permissions</a>
record Rights(String scope, List<Permission> permissions) {
    /// Varve never does these, or only for a feature that is not set up: an identity that may is broader
    /// than it has to be.
    private static final List<String> NEVER = List.of(
            "Microsoft.Authorization/roleAssignments/write",
            "Microsoft.Compute/disks/delete",
            "Microsoft.Compute/disks/write",
            "Microsoft.Compute/virtualMachines/delete",
            "Microsoft.Compute/virtualMachines/runCommand/action",
            "Microsoft.Compute/virtualMachines/runCommands/write",
            "Microsoft.Compute/virtualMachines/write",
            "Microsoft.KeyVault/vaults/write",
            "Microsoft.Network/networkSecurityGroups/write",
            "Microsoft.Storage/storageAccounts/listKeys/action");

    record Permission(
            List<String> actions, List<String> notActions, List<String> dataActions, List<String> notDataActions) {}

    /// @param scope `/subscriptions/…`, or a resource group of it
    static Rights of(Cloud cloud, String scope) throws ProviderException {
        return new Rights(
                scope,
                cloud.list(scope + "/providers/Microsoft.Authorization/permissions?api-version=2022-04-01").stream()
                        .map(one -> new Permission(
                                texts(one, "actions"),
                                texts(one, "notActions"),
                                texts(one, "dataActions"),
                                texts(one, "notDataActions")))
                        .toList());
    }

    private static List<String> texts(JsonNode node, String name) {
        var all = new ArrayList<String>();
        node.path(name).forEach(one -> all.add(one.asText()));
        return List.copyOf(all);
    }

    boolean allows(String action) {
        return permissions.stream().anyMatch(one -> fits(one.actions(), action) && !fits(one.notActions(), action));
    }

    boolean allowsData(String action) {
        return permissions.stream()
                .anyMatch(one -> fits(one.dataActions(), action) && !fits(one.notDataActions(), action));
    }

    private static boolean fits(List<String> patterns, String action) {
        return patterns.stream()
                .anyMatch(pattern -> Pattern.compile(
                                Pattern.quote(pattern.toLowerCase(Locale.ROOT)).replace("*", "\\E.*\\Q"))
                        .matcher(action.toLowerCase(Locale.ROOT))
                        .matches());
    }

    /// Each right: present, missing, or broader than needed.
    List<Check> checks(List<Feature> features) {
        var checks = new ArrayList<Check>();
        for (Feature feature : features) {
            feature.actions().forEach(action -> checks.add(check(feature, action, allows(action))));
            feature.dataActions().forEach(action -> checks.add(check(feature, action, allowsData(action))));
        }
        List<String> needed =
                features.stream().flatMap(feature -> feature.actions().stream()).toList();
        for (String action : NEVER) {
            if (allows(action) && !needed.contains(action)) {
                checks.add(new Check(
                        action,
                        "nothing",
                        Result.TOO_BROAD,
                        "allowed in " + scope,
                        "Take it away: Varve never does this here."));
            }
        }
        return List.copyOf(checks);
    }

    private Check check(Feature feature, String action, boolean isAllowed) {
        return isAllowed
                ? Check.ok(action, feature.purpose(), "allowed in " + scope)
                : new Check(
                        action,
                        feature.purpose(),
                        Result.MISSING,
                        "not allowed in " + scope,
                        "Add it to a role of Varve's, see docs/providers/azure.");
    }

    /// Those of these that are missing.
    List<String> missing(List<Feature> features) {
        return features.stream()
                .flatMap(feature -> Stream.concat(
                        feature.actions().stream().filter(action -> !allows(action)),
                        feature.dataActions().stream().filter(action -> !allowsData(action))))
                .toList();
    }
}
