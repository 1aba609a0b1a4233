package io.varve.acquisition.expiry;

import io.varve.acquisition.model.Asset.Identifier;
import io.varve.acquisition.model.Asset.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Kinds of evidence that do not last, the most volatile first (RFC 3227, section 2.1). Periods are the vendors' own
/// where nobody arranged for more.
public enum Perishable {
    POD(
            "The pod's processes, files and logs",
            "gone when the pod is deleted or moved; logs of a container's last run when it restarts again",
            Set.of(Kind.INSTANCE_ID),
            "pod:.+",
            Optional.empty(),
            List.of("triage", "volatile", "logs")),
    TASK(
            "The container's processes and files",
            "gone when its task ends; the service's scaling and deployments may end it at any time",
            Set.of(Kind.INSTANCE_ID),
            "arn:aws[a-z-]*:ecs:.+",
            Optional.empty(),
            List.of("triage", "volatile", "logs")),
    MEMORY(
            "Memory",
            "gone when the host is restarted or shut down",
            Set.of(Kind.AGENT_ID, Kind.SENSOR_ID, Kind.INSTANCE_ID),
            Perishable.MACHINE,
            Optional.empty(),
            List.of()),
    LIVE_STATE(
            "Processes, network connections and sessions",
            "gone when they end, or the host is restarted or shut down",
            Set.of(Kind.AGENT_ID, Kind.SENSOR_ID, Kind.INSTANCE_ID),
            Perishable.MACHINE,
            Optional.empty(),
            List.of("volatile", "triage")),
    INSTANCE_DISKS(
            "The instance's disks",
            "gone when the instance is terminated; Auto Scaling may do so at any time",
            Set.of(Kind.INSTANCE_ID),
            Perishable.MACHINE,
            Optional.empty(),
            List.of("disk")),
    HOST_LOGS(
            "Logs on the host",
            "overwritten as they grow, or by whoever is on the host",
            Set.of(Kind.AGENT_ID, Kind.SENSOR_ID),
            ".+",
            Optional.empty(),
            List.of("logs", "triage")),
    /// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html>
    CLOUDTRAIL(
            "CloudTrail's event history",
            "kept for 90 days where no trail is set up",
            Set.of(Kind.INSTANCE_ID),
            "i-.+|arn:aws[a-z-]*:(lambda|ecs):.+",
            Optional.of(Duration.ofDays(90)),
            List.of("cloud-logs", "function")),
    /// <https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-sent-command-history.html>
    SSM_COMMANDS(
            "Commands run over SSM",
            "kept for 30 days",
            Set.of(Kind.INSTANCE_ID),
            "i-.+",
            Optional.of(Duration.ofDays(30)),
            List.of("cloud-logs")),
    /// <https://learn.microsoft.com/azure/azure-monitor/platform/activity-log>
    AZURE_ACTIVITY(
            "Azure's activity log",
            "kept for 90 days where it is not exported",
            Set.of(Kind.INSTANCE_ID),
            "/subscriptions/.+",
            Optional.of(Duration.ofDays(90)),
            List.of("cloud-logs")),
    /// Admin activity is kept for 400 days, all else in the bucket `_Default`:
    /// <https://cloud.google.com/logging/quotas#logs_retention_periods>
    GOOGLE_LOGS(
            "Google Cloud's logs",
            "kept for 30 days, admin activity for 400",
            Set.of(Kind.INSTANCE_ID),
            "projects/.+",
            Optional.of(Duration.ofDays(30)),
            List.of("cloud-logs")),
    /// <https://learn.microsoft.com/defender-endpoint/data-storage-privacy>
    DEFENDER_RECORDS(
            "What Defender recorded of the host",
            "kept for 180 days",
            Set.of(Kind.SENSOR_ID),
            "defender:.+",
            Optional.of(Duration.ofDays(180)),
            List.of());

    /// An instance, not a pod, a task, a bucket or a function.
    private static final String MACHINE = "(?!pod:|s3:|gs:|az:|arn:).+";

    private final String words;
    private final String ends;
    private final Set<Kind> kinds;
    private final Pattern form;
    private final Optional<Duration> kept;
    private final List<String> profiles;

    Perishable(
            String words, String ends, Set<Kind> kinds, String form, Optional<Duration> kept, List<String> profiles) {
        this.words = words;
        this.ends = ends;
        this.kinds = Set.copyOf(kinds);
        this.form = Pattern.compile(form);
        this.kept = kept;
        this.profiles = List.copyOf(profiles);
    }

    /// What it is, for people.
    public String words() {
        return words;
    }

    /// How it ends, for people.
    public String ends() {
        return ends;
    }

    /// How long after it was recorded; empty when no clock decides it.
    Optional<Duration> kept() {
        return kept;
    }

    List<String> profiles() {
        return profiles;
    }

    boolean isOf(Identifier identifier) {
        return kinds.contains(identifier.kind())
                && form.matcher(identifier.value()).matches();
    }
}
