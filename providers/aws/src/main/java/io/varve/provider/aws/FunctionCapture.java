package io.varve.provider.aws;

import io.varve.evidence.Lineage;
import io.varve.provider.CaptureContext;
import io.varve.provider.Check;
import io.varve.provider.Containment;
import io.varve.provider.Preflight;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.function.FunctionArn;
import io.varve.provider.collector.record.FileSource;
import io.varve.provider.collector.record.RecordCapture;
import io.varve.provider.collector.record.RecordSource;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Captures a function of Lambda: how it is set up, who may run it and what runs it, the code of every
/// version and layer, what it logged, and what CloudTrail and GuardDuty say of it. Nothing is run or changed.
///
/// Steps: `function` (where it was found), those of [RecordCapture].
record FunctionCapture(Cloud cloud, FunctionArn function, Asking asking) {
    private static final String VERSIONS = FunctionRecords.FOLDER + "versions/";

    /// @throws ProviderException REFUSED when it is no function, or is to be captured in another way
    static FunctionArn wanted(CaptureContext context) throws ProviderException {
        if (!context.profile().equals(FunctionArn.PROFILE)) {
            throw new ProviderException(Kind.REFUSED, "a function is captured with profile " + FunctionArn.PROFILE);
        }
        FunctionArn wanted = FunctionArn.of(context.target())
                .orElseThrow(() -> new ProviderException(
                        Kind.REFUSED, "%s is no ARN of a function of Lambda".formatted(context.target())));
        if (context.cancelled()) {
            throw new ProviderException(Kind.CANCELLED, "cancelled before it began");
        }
        return wanted;
    }

    void run(CaptureContext context, Clock clock) throws ProviderException, InterruptedException {
        Place place = place();
        try {
            if (context.step("function").isEmpty()) {
                context.custody(
                        "function.found",
                        "%s in %s, as %s".formatted(function.text(), place.text(), place.caller()),
                        Lineage.of(AwsProvider.NAME)
                                .account(place.account())
                                .region(place.region())
                                .caller(place.caller()));
                context.completed("function", place.text());
            }
            FunctionVersions versions = FunctionVersions.of(place, function.name(), asking);
            new RecordCapture(context, clock, cloud.settings().logs())
                    .run(
                            function.text(),
                            Map.of(
                                    "cloud", AwsProvider.NAME,
                                    "account", place.account(),
                                    "region", place.region(),
                                    "function", function.text(),
                                    "caller", place.caller()),
                            records(place, versions),
                            files(place, versions));
        } catch (IOException e) {
            throw new ProviderException(Kind.FAILED, "the capture cannot be stored: " + e.getMessage());
        }
    }

    private List<RecordSource> records(Place place, FunctionVersions versions) {
        var sources = new ArrayList<RecordSource>();
        for (FunctionRecords.What what : FunctionRecords.What.values()) {
            sources.add(new FunctionRecords(place, function.name(), what, asking));
        }
        sources.add(new FunctionPolicies(place, function.name(), versions.names(), asking));
        sources.add(new FunctionTags(place, function, asking));
        versions.groups().forEach(group -> sources.add(new GroupLog(place, group, Optional.empty(), asking)));
        sources.add(new TrailRecords(place, List.of(function.text(), function.name()), function.name(), asking));
        sources.add(new FindingRecords(place, FindingRecords.FUNCTION, function.name(), asking));
        versions.lacking().ifPresent(why -> sources.add(new LackingRecords(VERSIONS, "AwsLambdaCode", why)));
        return sources;
    }

    private List<FileSource> files(Place place, FunctionVersions versions) {
        return Stream.concat(
                        versions.names().stream()
                                .map(version -> (FileSource) new FunctionCode(place, function.name(), version, asking)),
                        versions.layers().stream().map(layer -> new LayerCode(place, layer, asking)))
                .toList();
    }

    /// The region of the function, in the account that it names.
    private Place place() throws ProviderException {
        List<String> regions = cloud.settings().regions();
        if (!regions.isEmpty() && !regions.contains(function.region())) {
            throw new ProviderException(
                    Kind.NOT_FOUND, "this integration does not look at the region of " + function.text());
        }
        Optional<ProviderException> trouble = Optional.empty();
        for (Optional<String> role : cloud.roles()) {
            try {
                Place account = cloud.account(role);
                if (account.account().equals(function.account())) {
                    return Cloud.in(account, function.region());
                }
            } catch (ProviderException e) {
                if (e.kind() != Kind.FORBIDDEN && e.kind() != Kind.REFUSED) {
                    throw e;
                }
                trouble = Optional.of(e);
            }
        }
        throw trouble.orElseGet(() -> new ProviderException(
                Kind.NOT_FOUND, "this integration has no role in the account of " + function.text()));
    }

    Preflight preflight() throws ProviderException, InterruptedException {
        Place place = place();
        FunctionVersions versions = FunctionVersions.of(place, function.name(), asking);
        return new Preflight(
                Optional.of(function.text()),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Containment.UNKNOWN,
                List.of(versions.lacking()
                        .map(why -> new Check(
                                "Versions",
                                "code of all versions",
                                Check.Result.MISSING,
                                why.reason(),
                                "Add the rights of docs/providers/aws/policy-functions.json."))
                        .orElseGet(() -> Check.ok(
                                "Versions",
                                "code of all versions",
                                "%d versions, %d layers, %d log groups"
                                        .formatted(
                                                versions.names().size(),
                                                versions.layers().size(),
                                                versions.groups().size())))),
                List.of(
                        "Set-up, code of all versions and layers, %d days of its log, CloudTrail and GuardDuty are read."
                                .formatted(cloud.settings().logs().toDays()),
                        "Its environment is part of the evidence, secrets too.",
                        "Nothing is run or changed; container images are named, not pulled."));
    }
}
