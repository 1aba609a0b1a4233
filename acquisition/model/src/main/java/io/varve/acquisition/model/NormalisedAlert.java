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
        Instant firstSeen,
        Instant lastSeen,
        List<Host> hosts,
        List<User> users,
        List<Process> processes,
        List<File> files,
        List<Network> network,
        List<Attack> attack) {

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
            Optional<Containment> containment) {

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

    public record User(String name, Optional<String> domain) {}

    public record Process(
            Optional<String> image,
            Optional<String> commandLine,
            Optional<Long> pid,
            Optional<Instant> startedAt,
            Map<String, String> hashes) {}

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
