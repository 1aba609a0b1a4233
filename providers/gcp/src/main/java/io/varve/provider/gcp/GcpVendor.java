package io.varve.provider.gcp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.auto.service.AutoService;
import com.google.cloud.storage.Storage;
import io.varve.provider.Check;
import io.varve.provider.Check.Result;
import io.varve.provider.Connection;
import io.varve.provider.Inventory;
import io.varve.provider.Pauses;
import io.varve.provider.ProviderException;
import io.varve.provider.Vendor;
import io.varve.provider.Waiting;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What the service account of an integration is allowed, as Google's own test of permissions says. It needs no right
/// of its own and changes nothing.
@AutoService(Vendor.class)
public final class GcpVendor implements Vendor {
    private static final String PROJECTS = "https://cloudresourcemanager.googleapis.com";
    private static final String ACCOUNTS = "https://iam.googleapis.com";
    private static final String ACT_AS = "iam.serviceAccounts.actAs";
    private static final JsonMapper JSON = new JsonMapper();

    /// Varve never does these: an account that may is allowed more than it has to be.
    private static final List<String> NEVER = List.of(
            "compute.firewalls.create",
            "compute.instances.setMetadata",
            "compute.instances.start",
            "compute.instances.stop",
            "compute.snapshots.setIamPolicy",
            "iam.serviceAccountKeys.create",
            "resourcemanager.projects.setIamPolicy",
            "secretmanager.versions.access");

    /// In the forensic project exporters' machines are removed; in a source project nothing is.
    private static final List<String> NEVER_IN_SOURCE =
            List.of("compute.disks.delete", "compute.instances.delete", "storage.objects.get");

    private final Waiting waiting;

    public GcpVendor() {
        this(Thread::sleep);
    }

    GcpVendor(Waiting waiting) {
        this.waiting = waiting;
    }

    @Override
    public String name() {
        return GcpProvider.NAME;
    }

    @Override
    public List<Check> check(Connection connection) throws ProviderException, InterruptedException {
        var checks = new ArrayList<Check>();
        var refusals = new ArrayList<ProviderException>();
        try (Cloud cloud = Cloud.of(connection, Pauses.always(waiting))) {
            Settings settings = cloud.settings();
            for (String project : settings.projects()) {
                boolean isForensic = project.equals(settings.forensic());
                List<String> never = isForensic
                        ? NEVER
                        : Stream.concat(NEVER.stream(), NEVER_IN_SOURCE.stream())
                                .filter(permission -> !settings.objects()
                                        || !Feature.OBJECTS.permissions().contains(permission))
                                .toList();
                checks.addAll(looked(cloud, project, inSource(settings), never, refusals));
            }
            checks.addAll(looked(cloud, settings.forensic(), List.of(Feature.FORENSIC), NEVER, refusals));
            if (refusals.size() > settings.projects().size()) {
                throw refusals.getFirst();
            }
            checks.addAll(bucket(cloud));
            if (settings.buildAccount().isPresent()) {
                checks.add(actAs(cloud, settings.buildAccount().get()));
            }
        }
        return List.copyOf(checks);
    }

    /// A project that does not answer is said, and the others are looked at.
    private static List<Check> looked(
            Cloud cloud, String project, List<Feature> features, List<String> never, List<ProviderException> refusals)
            throws InterruptedException {
        try {
            return project(cloud, project, features, never);
        } catch (ProviderException e) {
            refusals.add(e);
            return List.of(new Check(
                    "Sign-in",
                    "everything in project " + project,
                    Result.FAILED,
                    e.reason(),
                    "Look whether the project exists and the Resource Manager API is on there."));
        }
    }

    @Override
    public Optional<Inventory> inventory() {
        return Optional.of(new GcpInventory(waiting));
    }

    private static List<Feature> inSource(Settings settings) {
        var features = new ArrayList<>(List.of(Feature.SOURCE, Feature.PROTECT, Feature.LOGS));
        if (settings.objects()) {
            features.add(Feature.OBJECTS);
        }
        return features;
    }

    private static List<Check> project(Cloud cloud, String project, List<Feature> features, List<String> never)
            throws ProviderException, InterruptedException {
        var asked = new ArrayList<String>(never);
        features.forEach(feature -> asked.addAll(feature.permissions()));
        Set<String> granted = granted(cloud, project, asked.stream().distinct().toList());
        String where = "in project " + project;
        var checks = new ArrayList<Check>();
        checks.add(Check.ok("Sign-in", "everything", "%s as %s".formatted(project, cloud.caller())));
        for (Feature feature : features) {
            checks.addAll(
                    isSetUp(feature, granted) ? checks(feature, granted, where) : List.of(notSetUp(feature, where)));
        }
        for (String permission : never) {
            if (granted.contains(permission)) {
                checks.add(new Check(
                        permission,
                        "nothing",
                        Result.TOO_BROAD,
                        "granted " + where,
                        "Take it away: Varve never does this."));
            }
        }
        return checks;
    }

    /// A feature that can be done without, and of which nothing is granted, is not set up.
    private static boolean isSetUp(Feature feature, Set<String> granted) {
        return !feature.isOptional() || feature.permissions().stream().anyMatch(granted::contains);
    }

    private static Check notSetUp(Feature feature, String where) {
        return new Check(
                "Logs",
                feature.purpose(),
                Result.UNKNOWN,
                "not set up " + where,
                "Grant the role %s if logs are to be captured, see docs/providers/gcp.".formatted(feature.role()));
    }

    static List<Check> checks(Feature feature, Set<String> granted, String where) {
        return feature.permissions().stream()
                .map(permission -> check(permission, feature, granted.contains(permission), where))
                .toList();
    }

    private static Check check(String permission, Feature feature, boolean isGranted, String where) {
        return isGranted
                ? Check.ok(permission, feature.purpose(), "granted " + where)
                : new Check(
                        permission,
                        feature.purpose(),
                        Result.MISSING,
                        "not granted " + where,
                        "Grant the role %s, see docs/providers/gcp.".formatted(feature.role()));
    }

    static Set<String> granted(Cloud cloud, String project, List<String> permissions)
            throws ProviderException, InterruptedException {
        return granted(
                cloud,
                PROJECTS,
                "/v3/projects/%s:testIamPermissions".formatted(project),
                permissions,
                "testing permissions in project " + project);
    }

    private static Set<String> granted(Cloud cloud, String service, String path, List<String> permissions, String what)
            throws ProviderException, InterruptedException {
        ObjectNode body = JSON.createObjectNode();
        ArrayNode asked = body.putArray("permissions");
        permissions.forEach(asked::add);
        JsonNode answer = cloud.calls().of(what, () -> cloud.rest().post(service, path, body));
        var granted = new HashSet<String>();
        answer.path("permissions").forEach(permission -> granted.add(permission.asText()));
        return granted;
    }

    private static List<Check> bucket(Cloud cloud) throws ProviderException, InterruptedException {
        String bucket = cloud.settings().bucket();
        List<String> permissions = Feature.BUCKET.permissions();
        Storage storage = cloud.storage();
        List<Boolean> granted = cloud.calls()
                .of("testing permissions in bucket " + bucket, () -> storage.testIamPermissions(bucket, permissions));
        var checks = new ArrayList<Check>();
        for (int i = 0; i < permissions.size(); i++) {
            checks.add(check(permissions.get(i), Feature.BUCKET, granted.get(i), "in bucket " + bucket));
        }
        return checks;
    }

    /// Builds run as this account: whoever begins them must be allowed to act as it.
    private static Check actAs(Cloud cloud, String account) throws ProviderException, InterruptedException {
        Set<String> granted = granted(
                cloud,
                ACCOUNTS,
                "/v1/projects/-/serviceAccounts/%s:testIamPermissions".formatted(account),
                List.of(ACT_AS),
                "testing permissions on " + account);
        return granted.contains(ACT_AS)
                ? Check.ok(ACT_AS, Feature.FORENSIC.purpose(), "granted on " + account)
                : new Check(
                        ACT_AS,
                        Feature.FORENSIC.purpose(),
                        Result.MISSING,
                        "not granted on " + account,
                        "Grant the role iam.serviceAccountUser on that service account, not on the project.");
    }
}
