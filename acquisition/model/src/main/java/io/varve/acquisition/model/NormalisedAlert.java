package io.varve.acquisition.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What an alert says, in one form whatever its source. Everything in it is attacker-controlled text.
///
/// @param sourceAlertId the source's own id; with source and organisation the identity of the alert
/// @param sourceGroupId the source's own incident or group
/// @param severity 0 to 100
/// @param firstSeen beginning of what the alert is about; the source's creation time where it states no other
/// @param lastSeen end of it
public record NormalisedAlert(
        String sourceAlertId,
        Optional<String> sourceGroupId,
        Optional<String> sourceUrl,
        String revision,
        String title,
        String description,
        String category,
        int severity,
        SeverityLabel severityLabel,
        Status status,
        Instant firstSeen,
        Instant lastSeen,
        List<Host> hosts,
        List<User> users,
        List<Process> processes,
        List<File> files,
        List<Network> network,
        List<Attack> attack) {

    /// One whose source states no status.
    public NormalisedAlert(
            String sourceAlertId,
            Optional<String> sourceGroupId,
            Optional<String> sourceUrl,
            String revision,
            String title,
            String description,
            String category,
            int severity,
            SeverityLabel severityLabel,
            Instant firstSeen,
            Instant lastSeen,
            List<Host> hosts,
            List<User> users,
            List<Process> processes,
            List<File> files,
            List<Network> network,
            List<Attack> attack) {
        this(
                sourceAlertId,
                sourceGroupId,
                sourceUrl,
                revision,
                title,
                description,
                category,
                severity,
                severityLabel,
                Status.UNKNOWN,
                firstSeen,
                lastSeen,
                hosts,
                users,
                processes,
                files,
                network,
                attack);
    }

    /// Where the source's own people are with the alert.
    public enum Status {
        NEW,
        IN_PROGRESS,
        CLOSED,
        UNKNOWN
    }

    /// The same alert about another span of time.
    public NormalisedAlert spanning(Instant from, Instant to) {
        return new NormalisedAlert(
                sourceAlertId,
                sourceGroupId,
                sourceUrl,
                revision,
                title,
                description,
                category,
                severity,
                severityLabel,
                status,
                from,
                to,
                hosts,
                users,
                processes,
                files,
                network,
                attack);
    }

    /// A machine the alert is about, by whatever the source knows of it.
    ///
    /// @param instanceId the cloud's id of the instance: `i-…` at AWS, GUID or resource id at Azure,
    ///     number or `projects/…/instances/…` at Google
    /// @param containment whether its vendor has cut it off the network, as far as the alert says
    public record Host(
            Optional<String> hostname,
            Optional<String> fqdn,
            Optional<String> agentId,
            Optional<String> agentType,
            Optional<String> instanceId,
            List<String> ips,
            List<String> macs,
            Optional<String> os,
            Optional<Containment> containment,
            Optional<Cloud> cloud) {

        /// One whose source knows no cloud it runs in.
        public Host(
                Optional<String> hostname,
                Optional<String> fqdn,
                Optional<String> agentId,
                Optional<String> agentType,
                Optional<String> instanceId,
                List<String> ips,
                List<String> macs,
                Optional<String> os,
                Optional<Containment> containment) {
            this(hostname, fqdn, agentId, agentType, instanceId, ips, macs, os, containment, Optional.empty());
        }

        /// One whose source says nothing about containment.
        public Host(
                Optional<String> hostname,
                Optional<String> fqdn,
                Optional<String> agentId,
                Optional<String> agentType,
                Optional<String> instanceId,
                List<String> ips,
                List<String> macs,
                Optional<String> os) {
            this(hostname, fqdn, agentId, agentType, instanceId, ips, macs, os, Optional.empty());
        }
    }

    /// Whether a host is cut off from the network by its vendor. Varve reads this and never changes it.
    public enum Containment {
        NORMAL,
        /// Asked for, not in effect yet.
        PENDING,
        CONTAINED,
        UNKNOWN;

        /// Whether only the vendor's own channel is sure to work.
        public boolean isCutOff() {
            return this == PENDING || this == CONTAINED;
        }
    }

    /// Where a host runs.
    ///
    /// @param provider `aws`, `azure`, `gcp`, or what the source calls another
    /// @param account account, subscription or project
    /// @param resourceId the resource's full name: ARN, Azure resource id, `//compute.googleapis.com/…`
    public record Cloud(
            Optional<String> provider,
            Optional<String> account,
            Optional<String> region,
            Optional<String> resourceId) {}

    public record User(String name, Optional<String> domain) {}

    /// @param pid the operating system's, never a sensor's own number
    public record Process(
            Optional<String> image,
            Optional<String> commandLine,
            Optional<Long> pid,
            Optional<Instant> startedAt,
            Map<String, String> hashes,
            Optional<String> user,
            Optional<Process> parent) {

        /// One whose source knows neither its user nor what started it.
        public Process(
                Optional<String> image,
                Optional<String> commandLine,
                Optional<Long> pid,
                Optional<Instant> startedAt,
                Map<String, String> hashes) {
            this(image, commandLine, pid, startedAt, hashes, Optional.empty(), Optional.empty());
        }
    }

    public record File(Optional<String> path, Optional<String> name, Map<String, String> hashes) {}

    public record Network(
            Optional<String> sourceIp,
            Optional<Integer> sourcePort,
            Optional<String> destinationIp,
            Optional<Integer> destinationPort,
            Optional<String> domain,
            Optional<String> url) {}

    /// An ATT&CK tactic or technique, e.g. `T1059.004`.
    public record Attack(Optional<String> tactic, Optional<String> technique) {}
}
