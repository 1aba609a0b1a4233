package io.varve.provider.aws;

import io.varve.provider.Check;
import io.varve.provider.Check.Result;
import io.varve.provider.ProviderException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// What a capture of an instance will take and cost at most, before anything is done.
final class Estimate {
    /// EBS direct APIs: USD for a thousand blocks read.
    private static final double THOUSAND_BLOCKS = 0.003;

    private static final long BLOCKS_OF_A_GIB = 2048;
    private static final long BLOCKS_A_SECOND = 900;

    private Estimate() {}

    static List<Check> of(Place place, Host host) {
        long gibibytes =
                host.volumes().stream().mapToLong(Host.Volume::gibibytes).sum();
        long blocks = gibibytes * BLOCKS_OF_A_GIB;
        var checks = new ArrayList<Check>();
        checks.add(Check.ok(
                "Size",
                "room in the evidence store",
                "%d volumes, %d GiB; what was never written is not read"
                        .formatted(host.volumes().size(), gibibytes)));
        checks.add(Check.ok(
                "Time and cost",
                "planning",
                "at most %s at %d blocks a second, at most %.2f USD for reading blocks; snapshots are billed while they exist"
                        .formatted(
                                Duration.ofSeconds(blocks / BLOCKS_A_SECOND + 1),
                                BLOCKS_A_SECOND,
                                blocks / 1000.0 * THOUSAND_BLOCKS)));
        checks.add(keys(place, host));
        return checks;
    }

    private static Check keys(Place place, Host host) {
        long encrypted = host.volumes().stream()
                .filter(volume -> !volume.key().isEmpty())
                .count();
        try {
            KeyCheck.expectUsable(place, host.volumes());
            return Check.ok(
                    "Encryption",
                    "reading encrypted volumes",
                    "%d encrypted volumes, their keys are enabled".formatted(encrypted));
        } catch (ProviderException e) {
            return new Check(
                    "Encryption",
                    "reading encrypted volumes",
                    Result.FAILED,
                    e.reason(),
                    "Enable the key, or let the role use it (kms:DescribeKey, kms:Decrypt).");
        }
    }
}
