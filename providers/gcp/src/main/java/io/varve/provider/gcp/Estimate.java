package io.varve.provider.gcp;

import io.varve.provider.Check;
import io.varve.provider.Check.Result;
import io.varve.provider.ProviderException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What a capture of an instance will take and cost, roughly, before anything is done.
///
/// Prices are Google's list prices of us-central1 in 2026; a snapshot, an image and an export are reckoned with for a
/// day.
final class Estimate {
    /// USD a GiB and month: standard snapshot 0.05, image 0.05, object 0.02.
    private static final double GIB_MONTH = 0.12;

    /// USD an hour of the exporter's machine and its disks.
    private static final double MACHINE_HOUR = 0.35;

    /// USD for a thousand ranges read (class B operations).
    private static final double THOUSAND_READS = 0.0004;

    private static final double READS_OF_A_GIB = 4096;
    private static final double DAYS_OF_A_MONTH = 30;
    private static final Duration START = Duration.ofMinutes(15);

    /// Of a disk full of data; what was never written goes faster.
    private static final double SECONDS_OF_A_GIB = 20;

    private Estimate() {}

    static List<Check> of(Host host) {
        long gibibytes = host.disks().stream().mapToLong(Host.Disk::gibibytes).sum();
        long largest =
                host.disks().stream().mapToLong(Host.Disk::gibibytes).max().orElse(0);
        Duration export = START.plus(Duration.ofSeconds((long) (largest * SECONDS_OF_A_GIB)));
        double cost = gibibytes * GIB_MONTH / DAYS_OF_A_MONTH
                + host.disks().size() * export.toMinutes() / 60.0 * MACHINE_HOUR
                + gibibytes * READS_OF_A_GIB / 1000 * THOUSAND_READS;
        var checks = new ArrayList<Check>();
        checks.add(Check.ok(
                "Size",
                "room in the evidence store",
                "%d disks, %d GiB at most; what was never written is not exported"
                        .formatted(host.disks().size(), gibibytes)));
        checks.add(Check.ok(
                "Time and cost",
                "planning",
                "about %d minutes until the first events can be read, at most about %.2f USD; reading from outside of Google Cloud is billed as egress in addition"
                        .formatted(export.toMinutes(), cost)));
        checks.add(encryption(host));
        if (!host.scratch().isEmpty()) {
            checks.add(new Check(
                    "Local SSDs",
                    "a complete copy",
                    Result.UNKNOWN,
                    "%s cannot be captured from outside".formatted(String.join(", ", host.scratch())),
                    "Collect from the running machine what lies there, with Varve's agent."));
        }
        return checks;
    }

    private static Check encryption(Host host) {
        try {
            KeyCheck.expectReadable(host);
        } catch (ProviderException e) {
            return new Check(
                    "Encryption",
                    "reading encrypted disks",
                    Result.FAILED,
                    e.reason(),
                    "Let the owner copy the disk under a Cloud KMS key.");
        }
        List<String> keys = host.disks().stream()
                .map(Host.Disk::key)
                .filter(key -> !key.isEmpty())
                .distinct()
                .toList();
        return keys.isEmpty()
                ? Check.ok("Encryption", "reading encrypted disks", "Google's own keys")
                : new Check(
                        "Encryption",
                        "reading encrypted disks",
                        Result.UNKNOWN,
                        "customer's keys: " + String.join(", ", keys),
                        "Compute Engine's service agents of both projects must be allowed to use them, see docs/providers/gcp.md.");
    }
}
