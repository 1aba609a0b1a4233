package io.varve.provider.gcp;

import io.varve.provider.Check;
import io.varve.provider.Containment;
import io.varve.provider.Preflight;
import io.varve.provider.ProviderException;
import io.varve.provider.collector.record.RecordSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What Google logged of an instance: entries about it, its serial ports, flows from and to it.
final class CloudLogs {
    static final Duration BETWEEN_PAGES = Duration.ofSeconds(1);

    private static final int PORTS = 4;

    private CloudLogs() {}

    static List<RecordSource> of(Cloud cloud, Host host, Patience patience, Path scratch) {
        var sources = new ArrayList<RecordSource>();
        sources.add(new LogEntries(cloud, patience, scratch, entries(cloud, host)));
        for (int port = 1; port <= PORTS; port++) {
            sources.add(new SerialPort(cloud, patience, host, port));
        }
        sources.add(new LogEntries(cloud, patience, scratch, flows(cloud, host)));
        return sources;
    }

    private static LogEntries.Log entries(Cloud cloud, Host host) {
        return new LogEntries.Log(
                "varve/cloud/gcp/audit.jsonl",
                "GcpLogEntries",
                "log entries of " + host.instance(),
                List.of(host.project()),
                LogFilter.instance(host),
                () -> LogRights.gap(cloud, host.project()));
    }

    /// The flows of a shared subnet are logged in the project it belongs to.
    private static LogEntries.Log flows(Cloud cloud, Host host) {
        List<String> all = host.interfaces().isEmpty()
                ? List.of(host.project())
                : host.interfaces().stream()
                        .map(Host.Interface::project)
                        .distinct()
                        .toList();
        List<String> ours =
                all.stream().filter(cloud.settings().projects()::contains).toList();
        List<String> others =
                all.stream().filter(project -> !ours.contains(project)).toList();
        return new LogEntries.Log(
                "varve/cloud/gcp/vpc-flows.jsonl",
                "GcpVpcFlows",
                "VPC flows of " + host.instance(),
                ours,
                LogFilter.flows(host, ours),
                () -> others.isEmpty()
                        ? Optional.empty()
                        : Optional.of("flows of subnets in %s are not among them: not projects of this integration"
                                .formatted(others)));
    }

    static Preflight preflight(Cloud cloud, Host host) throws ProviderException, InterruptedException {
        long days = cloud.settings().logTime().toDays();
        var checks = new ArrayList<Check>();
        checks.add(Check.ok(
                "How far back",
                Feature.LOGS.purpose(),
                ("%d days; Google keeps entries of admin activity for 400 days, others for 30 unless told otherwise, and"
                                + " the last MiB of a serial port")
                        .formatted(days)));
        checks.addAll(LogRights.checks(cloud, host.project()));
        return new Preflight(
                Optional.of(host.instance()),
                Optional.empty(),
                List.of(),
                Optional.empty(),
                Containment.UNKNOWN,
                checks,
                List.of(
                        "Log entries about the instance, what it wrote to its serial ports, and VPC flows from and to it are"
                                + " read from Google.",
                        "Nothing is run or written on the instance, and nothing is made or changed in its project."));
    }
}
