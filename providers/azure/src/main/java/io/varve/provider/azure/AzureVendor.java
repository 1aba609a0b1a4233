package io.varve.provider.azure;

import com.google.auto.service.AutoService;
import io.varve.provider.Check;
import io.varve.provider.Check.Result;
import io.varve.provider.Connection;
import io.varve.provider.Inventory;
import io.varve.provider.ProviderException;
import io.varve.provider.Vendor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What the identity of an integration is allowed in each subscription, as Azure itself lists it.
@AutoService(Vendor.class)
public final class AzureVendor implements Vendor {
    static final List<Feature> USUAL = List.of(Feature.CAPTURE, Feature.SIGNED_IN, Feature.CHECK);

    @Override
    public String name() {
        return AzureProvider.NAME;
    }

    @Override
    public List<Check> check(Connection connection) throws ProviderException, InterruptedException {
        Cloud cloud = Cloud.of(connection, Duration.ofSeconds(2));
        var checks = new ArrayList<Check>();
        checks.add(Check.ok("Sign-in", "everything", cloud.identity().caller()));
        for (String subscription : cloud.subscriptions()) {
            checks.addAll(rights(cloud, "/subscriptions/" + subscription));
        }
        if (cloud.settings().signIns()) {
            checks.add(graph(cloud));
        }
        if (cloud.settings().relay().isPresent()) {
            checks.add(RunCommandPreflight.container(cloud));
        }
        return List.copyOf(checks);
    }

    @Override
    public Optional<Inventory> inventory() {
        return Optional.of(new AzureInventory());
    }

    /// Rights in the storage account of a triage are not listed where subscriptions are: its container is
    /// looked into.
    private static List<Feature> features(Settings settings) {
        var features = new ArrayList<>(USUAL);
        if (settings.relay().isPresent()) {
            features.add(Feature.TRIAGE);
        }
        if (settings.logDays().isPresent()) {
            features.add(Feature.LOGS);
        }
        if (settings.signIns()) {
            features.add(Feature.SIGN_INS);
        }
        if (settings.objects()) {
            features.add(Feature.OBJECTS);
        }
        return features;
    }

    /// As the token says; whether the tenant has the licence is seen when sign-ins are asked for.
    private static Check graph(Cloud cloud) {
        String purpose = "read sign-ins of Entra ID";
        try {
            List<String> granted =
                    cloud.identity().permissions(Graph.scope(cloud.settings().graph()));
            return granted.contains(Graph.READ_LOGS)
                    ? Check.ok(Graph.READ_LOGS, purpose, "granted in Microsoft Graph")
                    : new Check(
                            Graph.READ_LOGS,
                            purpose,
                            Result.MISSING,
                            "not granted in Microsoft Graph",
                            "Add the application permission to the app registration, and have an administrator consent to it.");
        } catch (ProviderException e) {
            return new Check(Graph.READ_LOGS, purpose, Result.UNKNOWN, e.reason(), "");
        }
    }

    private static List<Check> rights(Cloud cloud, String scope) {
        try {
            return Rights.of(cloud, scope).checks(features(cloud.settings()));
        } catch (ProviderException e) {
            return List.of(new Check(
                    "Rights in " + scope,
                    "seeing which rights are granted",
                    Result.UNKNOWN,
                    e.reason(),
                    "Grant Microsoft.Authorization/permissions/read; captures do not need it."));
        }
    }
}
