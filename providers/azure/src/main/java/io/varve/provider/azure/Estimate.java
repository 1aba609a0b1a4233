package io.varve.provider.azure;

import io.varve.provider.Check;
import io.varve.provider.Check.Result;
import io.varve.provider.ProviderException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What a capture of a machine will take and cost at most, before anything is done.
final class Estimate {
    /// A page blob of standard storage gives 60 MiB a second.
    private static final long MIB_A_SECOND = 60;

    private static final long MIB_OF_A_GIB = 1024;
    /// USD for a GiB of a snapshot on standard storage and a month (East US, 2026).
    private static final double MONTH = 0.05;
    /// USD for a GiB that leaves the region for the internet, at most.
    private static final double EGRESS = 0.087;

    private Estimate() {}

    static List<Check> of(Cloud cloud, Machine machine) {
        long all = machine.disks().stream().mapToLong(Machine.Disk::gibibytes).sum();
        long largest = machine.disks().stream()
                .mapToLong(Machine.Disk::gibibytes)
                .max()
                .orElse(0);
        var checks = new ArrayList<Check>();
        checks.add(rights(cloud, machine, Feature.CAPTURE));
        checks.add(Check.ok(
                "Size",
                "room in the evidence store",
                "%d disks, %d GiB, region %s; what was never written is not read"
                        .formatted(machine.disks().size(), all, machine.region())));
        checks.add(Check.ok(
                "Time and cost",
                "planning",
                "at most about %s at %d MiB a second for each disk; a day of snapshots at most %.2f USD; at most %.2f USD of transfer when the worker is not in region %s"
                        .formatted(
                                Duration.ofSeconds(largest * MIB_OF_A_GIB / MIB_A_SECOND + 1),
                                MIB_A_SECOND,
                                all * MONTH / 30,
                                all * EGRESS,
                                machine.region())));
        checks.add(encryption(machine));
        machine.leftOut()
                .forEach(why -> checks.add(new Check(
                        "Disk left out",
                        "a whole picture",
                        Result.MISSING,
                        why,
                        "Capture it from the machine itself.")));
        return List.copyOf(checks);
    }

    static Check rights(Cloud cloud, Machine machine, Feature feature) {
        String scope = "/subscriptions/%s/resourceGroups/%s"
                .formatted(machine.resource().subscription(), machine.resource().group());
        try {
            List<String> missing = Rights.of(cloud, scope).missing(List.of(feature));
            return missing.isEmpty()
                    ? Check.ok("Rights", feature.purpose(), "all there in " + scope)
                    : new Check(
                            "Rights",
                            feature.purpose(),
                            Result.MISSING,
                            "not allowed in %s: %s".formatted(scope, String.join(", ", missing)),
                            "Add them to a role of Varve's, see docs/providers/azure.");
        } catch (ProviderException e) {
            return new Check("Rights", feature.purpose(), Result.UNKNOWN, e.reason(), "");
        }
    }

    private static Check encryption(Machine machine) {
        List<String> guest = machine.disks().stream()
                .filter(disk -> !disk.guest().isEmpty())
                .map(disk -> "%s: %s".formatted(disk.name(), disk.guest()))
                .toList();
        long customers =
                machine.disks().stream().filter(disk -> !disk.key().isEmpty()).count();
        return guest.isEmpty()
                ? Check.ok(
                        "Encryption",
                        "reading encrypted disks",
                        "%d disks under customers' keys; Azure gives all of them in plain".formatted(customers))
                : new Check(
                        "Encryption",
                        "reading encrypted disks",
                        Result.MISSING,
                        String.join(" ", guest),
                        "Have the keys at hand: without them the image is stored, and cannot be read.");
    }
}
