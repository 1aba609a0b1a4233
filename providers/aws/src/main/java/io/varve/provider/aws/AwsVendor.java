package io.varve.provider.aws;

import com.google.auto.service.AutoService;
import io.varve.provider.Check;
import io.varve.provider.Check.Result;
import io.varve.provider.Connection;
import io.varve.provider.Inventory;
import io.varve.provider.ProviderException;
import io.varve.provider.Vendor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.iam.model.PolicyEvaluationDecisionType;

/// What the roles of an integration are allowed, as AWS's own simulation of their policies says.
@AutoService(Vendor.class)
public final class AwsVendor implements Vendor {
    private static final Pattern ASSUMED = Pattern.compile("arn:(aws[a-z-]*):sts::(\\d+):assumed-role/([^/]+)/.*");

    /// Varve never does these, or only for a feature that is not set up: a role that may is broader than it has to be.
    private static final List<String> NEVER = List.of(
            "ec2:AuthorizeSecurityGroupIngress",
            "ec2:DeleteVolume",
            "ec2:RunInstances",
            "ec2:TerminateInstances",
            "ecs:ExecuteCommand",
            "ecs:RunTask",
            "ecs:StopTask",
            "ecs:UpdateService",
            "iam:CreateAccessKey",
            "iam:PutRolePolicy",
            "kms:ScheduleKeyDeletion",
            "lambda:GetFunction",
            "lambda:InvokeFunction",
            "lambda:UpdateFunctionCode",
            "s3:GetObject",
            "ssm:SendCommand",
            "ssm:StartSession");

    @Override
    public String name() {
        return AwsProvider.NAME;
    }

    @Override
    public List<Check> check(Connection connection) throws ProviderException, InterruptedException {
        var checks = new ArrayList<Check>();
        var refusals = new ArrayList<ProviderException>();
        try (Cloud cloud = Cloud.of(connection, "varve-check")) {
            for (Optional<String> role : cloud.roles()) {
                checks.addAll(account(cloud, role, "everything", features(cloud.settings()), refusals));
            }
            Optional<String> copy = cloud.settings().copyRole();
            if (copy.isPresent()) {
                checks.addAll(account(cloud, copy, "copies", List.of(Feature.RECEIVE), refusals));
            }
        }
        if (refusals.size() == checks.size()) {
            throw refusals.getFirst();
        }
        return List.copyOf(checks);
    }

    /// An account that does not let us in is said, and the others are looked at.
    private static List<Check> account(
            Cloud cloud,
            Optional<String> role,
            String needed,
            List<Feature> features,
            List<ProviderException> refusals) {
        try {
            Place account = cloud.account(role);
            var checks = new ArrayList<Check>();
            checks.add(Check.ok("Sign-in", needed, "account %s as %s".formatted(account.account(), account.caller())));
            checks.addAll(rights(account, features));
            return checks;
        } catch (ProviderException e) {
            refusals.add(e);
            return List.of(new Check(
                    "Sign-in",
                    needed,
                    Result.FAILED,
                    e.reason(),
                    role.map("Let Varve assume %s, with the external id of the integration."::formatted)
                            .orElse("Look at the access key.")));
        }
    }

    @Override
    public Optional<Inventory> inventory() {
        return Optional.of(new AwsInventory());
    }

    private static List<Feature> features(Settings settings) {
        var features = new ArrayList<>(List.of(Feature.CAPTURE, Feature.PROTECT, Feature.ENCRYPTED, Feature.LOGS));
        if (settings.copyRole().isPresent()) {
            features.add(Feature.SHARE);
        }
        if (settings.relay().isPresent()) {
            features.add(Feature.TRIAGE);
        }
        if (settings.objects()) {
            features.add(Feature.OBJECTS);
        }
        if (settings.flowObjects()) {
            features.add(Feature.FLOWS);
        }
        if (settings.functions()) {
            features.add(Feature.FUNCTIONS);
        }
        if (settings.containers()) {
            features.add(Feature.CONTAINERS);
        }
        return features;
    }

    private static List<Check> rights(Place account, List<Feature> features) {
        Map<String, Boolean> allowed;
        try {
            allowed = simulated(
                    account,
                    Stream.concat(features.stream().flatMap(feature -> feature.actions().stream()), NEVER.stream())
                            .distinct()
                            .toList());
        } catch (SdkException e) {
            return List.of(new Check(
                    "Rights in account " + account.account(),
                    "seeing which rights are granted",
                    Result.UNKNOWN,
                    Errors.of("simulating the role's policy", e).reason(),
                    "Grant iam:SimulatePrincipalPolicy on the role itself; captures do not need it."));
        }
        var checks = new ArrayList<Check>();
        for (Feature feature : features) {
            for (String action : feature.actions()) {
                checks.add(check(account, feature, action, allowed.getOrDefault(action, false)));
            }
        }
        List<String> needed =
                features.stream().flatMap(feature -> feature.actions().stream()).toList();
        for (String action : NEVER) {
            if (allowed.getOrDefault(action, false) && !needed.contains(action)) {
                checks.add(new Check(
                        action,
                        "nothing",
                        Result.TOO_BROAD,
                        "allowed in account " + account.account(),
                        "Take it away: Varve never does this here."));
            }
        }
        return checks;
    }

    private static Check check(Place account, Feature feature, String action, boolean isAllowed) {
        return isAllowed
                ? Check.ok(action, feature.purpose(), "allowed in account " + account.account())
                : new Check(
                        action,
                        feature.purpose(),
                        Result.MISSING,
                        "not allowed in account " + account.account(),
                        "Add it to the role's policy, see docs/providers/aws.");
    }

    private static Map<String, Boolean> simulated(Place account, List<String> actions) {
        var allowed = new LinkedHashMap<String, Boolean>();
        try (IamClient iam = account.with(IamClient.builder()).build()) {
            iam.simulatePrincipalPolicyPaginator(request ->
                            request.policySourceArn(principal(account)).actionNames(actions))
                    .evaluationResults()
                    .forEach(result -> allowed.put(
                            result.evalActionName(), result.evalDecision() == PolicyEvaluationDecisionType.ALLOWED));
        }
        return allowed;
    }

    /// Policies belong to the role, not to its session.
    private static String principal(Place account) {
        Optional<String> role = account.role();
        if (role.isPresent()) {
            return role.get();
        }
        Matcher assumed = ASSUMED.matcher(account.caller());
        return assumed.matches()
                ? "arn:%s:iam::%s:role/%s".formatted(assumed.group(1), assumed.group(2), assumed.group(3))
                : account.caller();
    }
}
