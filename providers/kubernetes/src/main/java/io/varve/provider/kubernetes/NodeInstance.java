package io.varve.provider.kubernetes;

import io.varve.evidence.Lineage;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The cloud's machine a node is, as its `spec.providerID` says: `aws:///eu-central-1a/i-0123…`,
/// `azure:///subscriptions/…/virtualMachines/…`, `gce://project/zone/name`.
///
/// @param cloud `aws`, `azure` or `gcp`
/// @param account subscription or project, where the id has it
/// @param instance as the cloud's provider of Varve wants it
record NodeInstance(String cloud, Optional<String> account, Optional<String> region, String instance) {
    private static final Pattern AWS = Pattern.compile("aws:///([a-z0-9-]{1,40})/(i-[0-9a-f]{8,32})");
    private static final Pattern AZURE =
            Pattern.compile("(?i)azure://(/subscriptions/([0-9a-f-]{36})/[\\w./()-]{1,800})");
    private static final Pattern GOOGLE =
            Pattern.compile("gce://([a-z0-9.:-]{1,100})/([a-z0-9-]{1,60})/([a-z0-9-]{1,63})");

    /// Empty when it is of no cloud that we know.
    static Optional<NodeInstance> of(String providerId) {
        Matcher aws = AWS.matcher(providerId);
        if (aws.matches()) {
            return Optional.of(new NodeInstance(
                    "aws", Optional.empty(), Optional.of(aws.group(1).replaceFirst("[a-z]$", "")), aws.group(2)));
        }
        Matcher azure = AZURE.matcher(providerId);
        if (azure.matches()) {
            return Optional.of(
                    new NodeInstance("azure", Optional.of(azure.group(2)), Optional.empty(), azure.group(1)));
        }
        Matcher google = GOOGLE.matcher(providerId);
        if (google.matches()) {
            return Optional.of(new NodeInstance(
                    "gcp",
                    Optional.of(google.group(1)),
                    Optional.of(google.group(2).replaceFirst("-[a-z]$", "")),
                    "projects/%s/zones/%s/instances/%s".formatted(google.group(1), google.group(2), google.group(3))));
        }
        return Optional.empty();
    }

    String text() {
        return "%s instance %s%s"
                .formatted(cloud, instance, region.map(" in "::concat).orElse(""));
    }

    /// What to capture next, in words.
    String next() {
        return "its disks hold the layers of all containers: capture %s next, provider %s, profile disk"
                .formatted(instance, cloud);
    }

    Lineage lineage() {
        Lineage lineage = Lineage.of(cloud).instance(instance);
        lineage = account.isPresent() ? lineage.account(account.get()) : lineage;
        return region.isPresent() ? lineage.region(region.get()) : lineage;
    }
}
