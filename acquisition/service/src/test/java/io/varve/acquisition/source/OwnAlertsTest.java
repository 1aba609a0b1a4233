package io.varve.acquisition.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.acquisition.model.NormalisedAlert;
import io.varve.acquisition.model.NormalisedAlert.Attack;
import io.varve.acquisition.model.NormalisedAlert.Containment;
import io.varve.acquisition.model.NormalisedAlert.Host;
import io.varve.acquisition.model.NormalisedAlert.Network;
import io.varve.acquisition.model.NormalisedAlert.Process;
import io.varve.acquisition.model.NormalisedAlert.Status;
import io.varve.acquisition.model.NormalisedAlert.User;
import io.varve.acquisition.model.SeverityLabel;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What each source's alerts say, on samples of our own.
@Tag("contained")
class OwnAlertsTest {
    private static final String HASH = "5a".repeat(32);

    @Test
    void aCrowdStrikeAlertIsReadWhole() throws Exception {
        NormalisedAlert alert = OwnSamples.alert("crowdstrike", "alert.json");

        assertThat(alert.sourceAlertId()).isEqualTo("c0ffee:ind:" + "a1".repeat(16) + ":1-2-3");
        assertThat(alert.title()).isEqualTo("Miner started");
        assertThat(alert.severity()).isEqualTo(70);
        assertThat(alert.status()).isEqualTo(Status.IN_PROGRESS);
        assertThat(alert.revision()).isEqualTo("2026-03-04T05:10:00.500Z");
        Host host = alert.hosts().getFirst();
        assertThat(host.agentType()).contains("crowdstrike");
        assertThat(host.agentId()).contains("a1".repeat(16));
        assertThat(host.containment()).contains(Containment.CONTAINED);
        assertThat(host.ips()).containsExactly("192.0.2.10");
        assertThat(host.instanceId()).contains("i-0abc0000000000001");
        assertThat(host.cloud().orElseThrow().region()).contains("eu-central-1");
        Process process = alert.processes().getFirst();
        assertThat(process.pid()).contains(4711L);
        assertThat(process.hashes()).containsOnlyKeys("md5", "sha256");
        assertThat(process.parent().orElseThrow().image()).contains("/usr/bin/bash");
        assertThat(techniques(alert)).containsExactly("T1059.004", "T1496");
        assertThat(alert.network())
                .contains(connection("192.0.2.10", 40112, "203.0.113.9", 443))
                .anyMatch(
                        item -> item.domain().filter("pool.example.net"::equals).isPresent());
    }

    @Test
    void aCrowdStrikeIdentityAlertNamesBothEnds() throws Exception {
        NormalisedAlert alert = OwnSamples.alert("crowdstrike", "identity.json");

        assertThat(alert.hosts())
                .extracting(host -> host.agentId().orElse(""))
                .containsExactly("b2".repeat(16), "c3".repeat(16));
        assertThat(alert.hosts().getFirst().fqdn()).contains("PC7.example.org");
        assertThat(alert.users()).containsExactly(new User("jo", Optional.of("EXAMPLE.ORG")));
    }

    @Test
    void crowdStrikeEventsHaveNoProcessIdOfTheSystem() throws Exception {
        NormalisedAlert alert = OwnSamples.alert("crowdstrike", "event.json");

        Process process = alert.processes().getFirst();
        assertThat(process.pid()).isEmpty();
        assertThat(process.image()).contains("\\Device\\HarddiskVolume3\\Temp\\a.exe");
        assertThat(alert.files())
                .anyMatch(file -> file.name().filter("b.dll"::equals).isPresent());
        assertThat(alert.severityLabel()).isEqualTo(SeverityLabel.CRITICAL);
    }

    @Test
    void olderCrowdStrikeEventsCountSeverityToFive() throws Exception {
        NormalisedAlert alert = OwnSamples.alert("crowdstrike", "older.json");

        assertThat(alert.severity()).isEqualTo(70);
        assertThat(alert.severityLabel()).isEqualTo(SeverityLabel.HIGH);
        assertThat(alert.users()).containsExactly(new User("kim", Optional.of("EXAMPLE")));
    }

    @Test
    void aWorkflowMayWrapTheAlert() throws Exception {
        assertThat(OwnSamples.alert("crowdstrike", "workflow.json")
                        .hosts()
                        .getFirst()
                        .agentId())
                .contains("a7".repeat(16));
    }

    @Test
    void aDefenderAlertIsReadWithItsEvidence() throws Exception {
        NormalisedAlert alert = OwnSamples.alert("defender", "alert.json");

        assertThat(alert.severity()).isEqualTo(80);
        assertThat(alert.hosts().getFirst().agentType()).contains("mde");
        Process process = alert.processes().getFirst();
        assertThat(process.image()).contains("C:\\Windows\\System32\\powershell.exe");
        assertThat(process.parent().orElseThrow().image()).contains("C:\\Office\\winword.exe");
        assertThat(techniques(alert)).containsExactly("T1059.001");
        assertThat(alert.users()).containsExactly(new User("jo", Optional.of("EXAMPLE")));
    }

    @Test
    void streamedDefenderRecordsOfOneAlertAreReadTogether() throws Exception {
        List<NormalisedAlert> alerts = OwnSamples.alerts("defender", "stream.json");

        assertThat(alerts).hasSize(1);
        NormalisedAlert alert = alerts.getFirst();
        assertThat(alert.title()).isEqualTo("Masquerading");
        assertThat(alert.firstSeen()).isEqualTo("2026-03-04T05:06:00Z");
        assertThat(alert.lastSeen()).isEqualTo("2026-03-04T05:06:10Z");
        assertThat(alert.hosts().getFirst().agentId()).contains("2b".repeat(16));
        assertThat(alert.processes().getFirst().pid()).contains(900L);
        assertThat(techniques(alert)).containsExactly("T1036");
    }

    @Test
    void theCompromisedMachineOfAGraphAlertComesFirst() throws Exception {
        NormalisedAlert alert = OwnSamples.alert("graph", "alerts.json");

        assertThat(alert.hosts().getFirst().agentId()).contains("3c".repeat(20));
        assertThat(alert.hosts().getFirst().instanceId()).contains("00000000-0000-4000-8000-0000000000aa");
        assertThat(alert.hosts()).hasSize(3);
        assertThat(alert.processes().getFirst().hashes()).isEqualTo(Map.of("sha256", HASH));
    }

    @Test
    void aGraphIncidentWithAlertsIsItsAlerts() throws Exception {
        List<NormalisedAlert> alerts = OwnSamples.alerts("graph", "incident.json");

        assertThat(alerts).extracting(NormalisedAlert::sourceAlertId).containsExactly("ga2", "ga3");
        assertThat(alerts)
                .allMatch(alert -> alert.sourceGroupId().filter("99"::equals).isPresent());
    }

    @Test
    void aMergedGraphIncidentPointsToTheOneItBecame() throws Exception {
        NormalisedAlert alert = OwnSamples.alert("graph", "lone-incident.json");

        assertThat(alert.sourceAlertId()).isEqualTo("incident-100");
        assertThat(alert.sourceGroupId()).contains("99");
        assertThat(alert.status()).isEqualTo(Status.CLOSED);
    }

    @Test
    void ransomwareIsCriticalToSentinelOne() throws Exception {
        NormalisedAlert alert = OwnSamples.alert("sentinelone", "threat.json");

        assertThat(alert.severity()).isEqualTo(95);
        Host host = alert.hosts().getFirst();
        assertThat(host.agentId()).contains("1400000000000000001");
        assertThat(host.containment()).contains(Containment.CONTAINED);
        assertThat(host.instanceId()).contains("i-0abc0000000000003");
        assertThat(alert.attack()).containsExactly(new Attack(Optional.of("impact"), Optional.of("T1486")));
        assertThat(alert.processes().getFirst().parent().orElseThrow().image()).contains("bash");
    }

    @Test
    void aSentinelOneAgentKnownByItsUuidAloneIsMarked() throws Exception {
        assertThat(OwnSamples.alert("sentinelone", "star.json")
                        .hosts()
                        .getFirst()
                        .agentId())
                .contains("uuid-00000000-0000-4000-8000-0000000000dd");
        assertThat(OwnSamples.alert("sentinelone", "unified.json").sourceAlertId())
                .isEqualTo("1500000000000000002");
    }

    @Test
    void sentinelOneActivitiesThatAnnounceAlertsAreAlerts() throws Exception {
        NormalisedAlert star = OwnSamples.alert("sentinelone", "activity.json");
        NormalisedAlert threat = OwnSamples.alert("sentinelone", "threat-activity.json");

        assertThat(star.sourceAlertId()).isEqualTo("1600000000000000002");
        assertThat(star.users()).containsExactly(new User("root", Optional.empty()));
        assertThat(star.processes().getFirst().parent().orElseThrow().pid()).contains(70L);
        assertThat(threat.sourceAlertId()).isEqualTo("1500000000000000003");
        assertThat(threat.severityLabel()).isEqualTo(SeverityLabel.MEDIUM);
    }

    @Test
    void aGuardDutyEventNamesInstanceProcessAndPeer() throws Exception {
        NormalisedAlert alert = OwnSamples.alert("guardduty", "event.json");

        assertThat(alert.title()).isEqualTo("[SAMPLE] A miner talks to its pool");
        assertThat(alert.severityLabel()).isEqualTo(SeverityLabel.HIGH);
        assertThat(alert.hosts().getFirst().instanceId()).contains("i-0abc0000000000004");
        assertThat(alert.hosts().getFirst().ips()).containsExactly("192.0.2.51");
        assertThat(alert.network()).containsExactly(connection("192.0.2.51", 41000, "203.0.113.9", 443));
        Process process = alert.processes().getFirst();
        assertThat(process.parent().orElseThrow().parent().orElseThrow().pid()).contains(80L);
        assertThat(techniques(alert)).containsExactly("T1496");
    }

    @Test
    void guardDutyFindingsOfTheApiAreReadInTheirSpelling() throws Exception {
        NormalisedAlert alert = OwnSamples.alert("guardduty", "findings.json");

        assertThat(alert.severityLabel()).isEqualTo(SeverityLabel.LOW);
        assertThat(alert.network().getFirst().sourceIp()).contains("203.0.113.20");
        assertThat(alert.network().getFirst().destinationPort()).contains(22);
    }

    @Test
    void aGuardDutyFindingAboutAFunctionNamesItWithoutItsVersion() throws Exception {
        NormalisedAlert alert = OwnSamples.alert("guardduty", "function.json");

        assertThat(alert.hosts())
                .singleElement()
                .satisfies(host -> assertThat(host.instanceId())
                        .contains("arn:aws:lambda:eu-central-1:111122223333:function:Resize_Images"));
    }

    @Test
    void anAttackSequenceIsCriticalAndNamesItsInstances() throws Exception {
        NormalisedAlert alert = OwnSamples.alert("guardduty", "sequence.json");

        assertThat(alert.severityLabel()).isEqualTo(SeverityLabel.CRITICAL);
        assertThat(alert.hosts().getFirst().instanceId()).contains("i-0abc0000000000005");
        assertThat(techniques(alert)).contains("T1078.004");
    }

    @Test
    void eachSecurityHubFindingIsAnAlertAndAFailedCheckIsLow() throws Exception {
        List<NormalisedAlert> alerts = OwnSamples.alerts("securityhub", "event.json");

        assertThat(alerts)
                .extracting(NormalisedAlert::severityLabel)
                .containsExactly(SeverityLabel.HIGH, SeverityLabel.LOW);
        assertThat(alerts.getFirst().hosts().getFirst().instanceId()).contains("i-0abc0000000000006");
        assertThat(alerts.getFirst().network()).contains(connection("192.0.2.61", 4000, "203.0.113.9", 443));
    }

    @Test
    void theEntitiesOfASentinelIncidentAreJoined() throws Exception {
        NormalisedAlert alert = OwnSamples.alert("sentinel", "incident.json");

        assertThat(alert.sourceAlertId()).isEqualTo("00000000-0000-4000-8000-000000000123");
        Host host = alert.hosts().getFirst();
        assertThat(host.fqdn()).contains("vm1.example.org");
        assertThat(host.agentId()).contains("4d".repeat(20));
        assertThat(host.cloud().orElseThrow().provider()).contains("azure");
        Process process = alert.processes().getFirst();
        assertThat(process.image()).contains("/tmp/xm");
        assertThat(process.hashes()).isEqualTo(Map.of("sha256", HASH));
        assertThat(process.user()).contains("jo");
        assertThat(techniques(alert)).containsExactly("T1110", "T1078");
    }

    @Test
    void aSentinelAlertCarriesItsEntitiesAsText() throws Exception {
        NormalisedAlert alert = OwnSamples.alert("sentinel", "alerts.json");

        assertThat(alert.hosts().getFirst().hostname()).contains("vm2");
        assertThat(alert.processes().getFirst().image()).contains("/tmp/y");
        assertThat(OwnSamples.alert("sentinel", "sdk.json").status()).isEqualTo(Status.CLOSED);
    }

    @Test
    void aPushedFindingOfGoogleIsUnpackedAndItsTechniquesNamed() throws Exception {
        NormalisedAlert alert = OwnSamples.alert("scc", "push.json");

        assertThat(alert.severityLabel()).isEqualTo(SeverityLabel.CRITICAL);
        assertThat(techniques(alert)).containsExactly("T1071");
        Host host = alert.hosts().getFirst();
        assertThat(host.hostname()).contains("web-1");
        assertThat(host.instanceId()).contains("projects/example-1/zones/europe-west3-a/instances/web-1");
        assertThat(host.cloud().orElseThrow().region()).contains("europe-west3");
    }

    @Test
    void aMisconfigurationIsNoWorseThanLow() throws Exception {
        assertThat(OwnSamples.alert("scc", "misconfiguration.json").severityLabel())
                .isEqualTo(SeverityLabel.LOW);
        assertThat(OwnSamples.alert("scc", "log.json").hosts().getFirst().hostname())
                .contains("web-2");
        assertThat(OwnSamples.alert("ocsf", "vulnerability.json").severityLabel())
                .isEqualTo(SeverityLabel.LOW);
    }

    @Test
    void anOcsfDetectionIsReadWhole() throws Exception {
        NormalisedAlert alert = OwnSamples.alert("ocsf", "detection.json");

        assertThat(alert.severity()).isEqualTo(80);
        assertThat(alert.firstSeen()).isEqualTo(Instant.ofEpochMilli(1772600700000L));
        Host host = alert.hosts().getFirst();
        assertThat(host.agentType()).contains("crowdstrike");
        assertThat(host.instanceId()).contains("i-0abc0000000000007");
        assertThat(alert.attack())
                .containsExactly(new Attack(Optional.of("command-and-control"), Optional.of("T1071.001")));
        assertThat(alert.network()).contains(connection("192.0.2.91", 40000, "203.0.113.9", 443));
        assertThat(OwnSamples.alert("ocsf", "security.json").hosts().getFirst().fqdn())
                .contains("host0.example.org");
    }

    @Test
    void aMappingReadsAnyProduct() throws Exception {
        assertThat(OwnSamples.mapping().check()).isEmpty();

        NormalisedAlert alert = OwnSamples.alert("custom", "alert.json");

        assertThat(alert.sourceAlertId()).isEqualTo("K-1");
        assertThat(alert.severity()).isEqualTo(80);
        assertThat(alert.firstSeen()).isEqualTo("2026-03-04T05:05:00Z");
        assertThat(alert.status()).isEqualTo(Status.NEW);
        Host host = alert.hosts().getFirst();
        assertThat(host.fqdn()).contains("vm7.example.org");
        assertThat(host.agentType()).contains("crowdstrike");
        assertThat(host.containment()).contains(Containment.CONTAINED);
        assertThat(alert.users()).containsExactly(new User("jo", Optional.of("EXAMPLE")));
        assertThat(alert.processes().getFirst().hashes()).isEqualTo(Map.of("sha256", HASH));
        assertThat(techniques(alert)).containsExactly("T1078");
    }

    private static List<String> techniques(NormalisedAlert alert) {
        return alert.attack().stream()
                .flatMap(item -> item.technique().stream())
                .toList();
    }

    private static Network connection(String source, int sourcePort, String destination, int destinationPort) {
        return new Network(
                Optional.of(source),
                Optional.of(sourcePort),
                Optional.of(destination),
                Optional.of(destinationPort),
                Optional.empty(),
                Optional.empty());
    }
}
