package io.varve.acquisition.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.acquisition.model.NormalisedAlert;
import io.varve.acquisition.model.NormalisedAlert.Process;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/// Every real alert of the vendors' contracts is read, each by its source, where the samples are at hand. The samples
/// that are no alerts are named here with the reason, so that a new one cannot be forgotten.
@Tag("contained")
public class AlertSamplesTest {
    private static final Instant RECEIVED = Instant.parse("2026-11-22T12:00:00Z");
    private static final Path SAMPLES = Path.of(System.getProperty("varve.corpus", "."), "../../contracts/samples");

    private static final String ANSWER = "the answer to another call of the API";
    private static final String TELEMETRY = "telemetry or audit, refused as no alert";

    /// By the beginning of the file's path.
    private static final Map<String, String> NO_ALERTS = new TreeMap<>(Map.ofEntries(
            Map.entry("alerts/guardduty_api_get_detector", ANSWER),
            Map.entry("alerts/guardduty_api_list_findings", "ids alone"),
            Map.entry("alerts/ocsf_okta_detection_finding.raw", "of a product without a source; read by a mapping"),
            Map.entry("crowdstrike/rtr_", ANSWER),
            Map.entry("crowdstrike/event_stream_authactivityaudit", TELEMETRY),
            Map.entry("crowdstrike/eventstream_api_activity_audit", TELEMETRY),
            Map.entry("crowdstrike/eventstream_auth_activity_audit", TELEMETRY),
            Map.entry("crowdstrike/eventstream_detection_update", TELEMETRY),
            Map.entry("crowdstrike/eventstream_device_event", "a vertex of a detection's graph, refused as no alert"),
            Map.entry("crowdstrike/eventstream_module_event", "a vertex of a detection's graph, refused as no alert"),
            Map.entry("crowdstrike/eventstream_process_event", "a vertex of a detection's graph, refused as no alert"),
            Map.entry("crowdstrike/eventstream_user_event", "a vertex of a detection's graph, refused as no alert"),
            Map.entry(
                    "crowdstrike/eventstream_user_session_event",
                    "a vertex of a detection's graph, refused as no alert"),
            Map.entry("crowdstrike/eventstream_firewall_match_event", TELEMETRY),
            Map.entry("crowdstrike/eventstream_schedules_report", TELEMETRY),
            Map.entry("crowdstrike/eventstream_stream_", TELEMETRY),
            Map.entry("crowdstrike/eventstream_user_activity_audit", TELEMETRY),
            Map.entry("crowdstrike/panther_crowdstrike_real_time_response", TELEMETRY),
            Map.entry("darktrace/aianalyst_ack", ANSWER),
            Map.entry("darktrace/aianalyst_incident_comments", ANSWER),
            Map.entry("darktrace/devicesearch", ANSWER),
            Map.entry("darktrace/secops_", ANSWER),
            Map.entry("defender/libraryfiles", ANSWER),
            Map.entry("defender/liveresponse", ANSWER),
            Map.entry("defender/m365d_test_device_", TELEMETRY),
            Map.entry("defender/machine", ANSWER),
            Map.entry("defender/runliveresponse", ANSWER),
            Map.entry("sentinelone/remote_script", ANSWER),
            Map.entry("sentinelone/sekoia_activities", TELEMETRY),
            Map.entry("sentinelone/sekoia_activity-type-120", TELEMETRY),
            Map.entry("sentinelone/sekoia_activity-type-128", TELEMETRY),
            Map.entry("sentinelone/sekoia_activity-type-2001", "what was done about a threat, refused as no alert"),
            Map.entry("sentinelone/sekoia_activity-type-2004", "what was done about a threat, refused as no alert"),
            Map.entry("sentinelone/sekoia_activity-type-25", TELEMETRY),
            Map.entry("sentinelone/sekoia_activity-type-3016", TELEMETRY),
            Map.entry("sentinelone/sekoia_activity-type-4008", "what was done about a threat, refused as no alert"),
            Map.entry("sentinelone/sekoia_activity-type-47", TELEMETRY),
            Map.entry("sentinelone/sekoia_activity-type-5", TELEMETRY),
            Map.entry("sentinelone/sekoia_activity-type-71", TELEMETRY),
            Map.entry("sentinelone/sekoia_user_logged_in", TELEMETRY),
            Map.entry("sentinelone/threats_list_small", "an upload, not a threat, whatever its name says"),
            Map.entry("sentinelone/xsoar_", ANSWER)));

    /// Single events, inside files of alerts, that are none.
    private static final List<String> EVENTS_NO_ALERTS =
            List.of("Non-match (FDREvent)", "Unrelated Event", "Non-Alert", "non-threat event");

    @TestFactory
    Stream<DynamicTest> everySampleThatIsAnAlertIsRead() throws Exception {
        return files().filter(file -> !isNoAlert(file))
                .map(file -> DynamicTest.dynamicTest(file, () -> everyEventIsRead(file)));
    }

    @TestFactory
    Stream<DynamicTest> everyOtherSampleIsRefusedOrRead() throws Exception {
        return files().filter(AlertSamplesTest::isNoAlert)
                .map(file -> DynamicTest.dynamicTest(file, () -> refused(file)));
    }

    /// Each fact was looked up in its sample.
    @TestFactory
    Stream<DynamicTest> theSamplesSayWhatTheySay() throws Exception {
        files();
        return FACTS.stream()
                .map(fact -> DynamicTest.dynamicTest(fact.file + ": " + fact.what, () -> {
                    List<JsonNode> events = events(fact.file);
                    assertThat(fact.in.apply(source(fact.file).read(events.get(fact.number), RECEIVED)))
                            .isEqualTo(fact.what);
                }));
    }

    private record Fact(String file, int number, Function<NormalisedAlert, String> in, String what) {
        Fact(String file, Function<NormalisedAlert, String> in, String what) {
            this(file, 0, in, what);
        }
    }

    private static final Function<NormalisedAlert, String> HOST = alert -> alert.hosts()
            .getFirst()
            .fqdn()
            .or(alert.hosts().getFirst()::hostname)
            .orElse("");
    private static final Function<NormalisedAlert, String> AGENT =
            alert -> alert.hosts().getFirst().agentId().orElse("");
    private static final Function<NormalisedAlert, String> INSTANCE =
            alert -> alert.hosts().getFirst().instanceId().orElse("");
    private static final Function<NormalisedAlert, String> TECHNIQUES = alert -> alert.attack().stream()
            .flatMap(item -> item.technique().stream())
            .limit(3)
            .collect(Collectors.joining(" "));
    private static final Function<NormalisedAlert, String> PROCESS_HASH =
            alert -> alert.processes().getFirst().hashes().getOrDefault("sha256", "");
    private static final Function<NormalisedAlert, String> PROCESS =
            alert -> alert.processes().getFirst().image().orElse("") + " "
                    + alert.processes().getFirst().pid().map(String::valueOf).orElse("-");
    private static final Function<NormalisedAlert, String> PARENT = alert ->
            alert.processes().getFirst().parent().flatMap(Process::image).orElse("");
    private static final Function<NormalisedAlert, String> FILE =
            alert -> alert.files().getFirst().path().orElse("");
    private static final Function<NormalisedAlert, String> USER =
            alert -> alert.users().getFirst().domain().orElse("") + "/"
                    + alert.users().getFirst().name();
    private static final Function<NormalisedAlert, String> SEVERITY =
            alert -> alert.severityLabel() + " " + alert.severity();
    private static final Function<NormalisedAlert, String> TITLE = NormalisedAlert::title;
    private static final Function<NormalisedAlert, String> STATUS =
            alert -> alert.status().name();
    private static final Function<NormalisedAlert, String> CONTAINMENT =
            alert -> alert.hosts().getFirst().containment().map(Enum::name).orElse("");
    private static final Function<NormalisedAlert, String> SEEN = alert -> alert.firstSeen() + " " + alert.lastSeen();

    private static final List<Fact> FACTS = List.of(
            new Fact("crowdstrike/alerts_v2_epp_ldt_trimmed.json", HOST, "ABC709-1175"),
            new Fact("crowdstrike/alerts_v2_epp_ldt_trimmed.json", AGENT, "2ce412d17b334ad4adc8c1c54dbfec4b"),
            new Fact("crowdstrike/alerts_v2_epp_ldt_trimmed.json", CONTAINMENT, "NORMAL"),
            new Fact(
                    "crowdstrike/alerts_v2_epp_ldt_trimmed.json",
                    PROCESS_HASH,
                    "b26a6791b72753d2317efd5e1363d93fdd33e611c8b9e08a3b24ea4d755b81fd"),
            new Fact(
                    "crowdstrike/alerts_v2_epp_ldt_trimmed.json",
                    PARENT,
                    "\\Device\\HarddiskVolume3\\Windows\\explorer.exe"),
            new Fact("crowdstrike/alerts_v2_idp_trimmed.json", HOST, "ABDC454.net.example.com"),
            new Fact("crowdstrike/alerts_v2_idp_trimmed.json", TECHNIQUES, "T1110"),
            new Fact("crowdstrike/alerts_v2_idp_trimmed.json", SEVERITY, "HIGH 79"),
            new Fact("crowdstrike/alerts_v2_entity_partial.json", AGENT, "835449907c99453085a924a16e967be5"),
            new Fact("crowdstrike/alerts_v2_entity_partial.json", PROCESS, "/usr/lib/git-core/git 1"),
            new Fact("crowdstrike/eventstream_detection_summary_event.json", SEVERITY, "CRITICAL 90"),
            new Fact("crowdstrike/eventstream_epp_detection_summary_event_2.json", PROCESS, "/usr/bin/git -"),
            new Fact(
                    "crowdstrike/eventstream_epp_detection_summary_event_2.json",
                    AGENT,
                    "c8d1292a8a904216aa25ab728f4b45fd"),
            new Fact(
                    "crowdstrike/eventstream_automated_lead_summary_event.json",
                    TECHNIQUES,
                    "T1204 T1218.005 T1059.001"),
            new Fact("crowdstrike/eventstream_xdr_detection_summary.json", AGENT, "675853ca01ec441df7a015b91a7e1272"),
            new Fact("crowdstrike/eventstream_mobile_detection_summary_2.json", TECHNIQUES, "T1577"),
            new Fact("crowdstrike/eventstream_identity_protection_1.json", USER, "EXAMPLE.ORG/JOHNDOE"),
            new Fact("defender/mde_alert_with_evidence.json", AGENT, "111e6dd8c833c8a052ea231ec1b19adaf497b625"),
            new Fact("defender/mde_alert_with_evidence.json", HOST, "temp123.middleeast.corp.microsoft.com"),
            new Fact("defender/mde_alert_with_evidence.json", TECHNIQUES, "T1064 T1085 T1220"),
            new Fact("defender/mde_alert_with_evidence.json", PROCESS, "C:\\Windows\\SysWOW64\\rundll32.exe 3276"),
            new Fact("defender/mde_alert_with_evidence.json", FILE, "c:\\temp\\suspicious.dll"),
            new Fact("defender/m365d_test_alert_evidence.json", HOST, "vm0242.example.org"),
            new Fact("defender/m365d_test_alert_evidence.json", AGENT, "7e7a44995a4d4f09be53dce4fe9eb1db"),
            new Fact("defender/m365d_test_alert_evidence.json", PROCESS, "C:\\Windows\\splwow64.exe 19060"),
            new Fact("defender/panther_defender_detection_passthrough.json", TECHNIQUES, "T1218 T1218.010 T1218.011"),
            new Fact("defender/graph_alerts_v2_list.json", AGENT, "73e7e2de709dff64ef64b1d0c30e67fab63279db"),
            new Fact("defender/graph_alerts_v2_list.json", INSTANCE, "ca1b0d41-5a3b-4d95-b48b-f220aed11d78"),
            new Fact("defender/graph_alerts_v2_list.json", PROCESS, "C:\\Program Files\\temp\\MsSense.exe 4780"),
            new Fact("defender/graph_synthetic_defender-incidents.ndjson", 1, STATUS, "CLOSED"),
            new Fact("sentinelone/sekoia_threat.json", AGENT, "1109245354690326957"),
            new Fact("sentinelone/sekoia_threat.json", SEVERITY, "MEDIUM 50"),
            new Fact("sentinelone/sekoia_threat2.json", SEVERITY, "HIGH 80"),
            new Fact("sentinelone/sekoia_threat3.json", TECHNIQUES, "T1059 T1203 T1204.002"),
            new Fact("sentinelone/sekoia_threat3.json", CONTAINMENT, "NORMAL"),
            new Fact("sentinelone/sekoia_cloud_providers.json", INSTANCE, "i-02345"),
            new Fact("sentinelone/sekoia_custom_rule.json", HOST, "host08.example.com"),
            new Fact("sentinelone/sekoia_custom_rule.json", PARENT, "C:\\WINDOWS\\explorer.exe"),
            new Fact("sentinelone/uam_alert_detail.json", USER, "W19SNS-10C5FA27/UC"),
            new Fact("sentinelone/uam_alert_detail.json", SEVERITY, "CRITICAL 95"),
            new Fact("sentinelone/panther_sentinelone_threats.json", 4, SEVERITY, "CRITICAL 95"),
            new Fact("darktrace/api_modelbreaches_response.json", TITLE, "Compromise::Watched Domain"),
            new Fact("darktrace/sekoia_test_device_threat_indicator.json", TITLE, "Device::ThreatIndicator"),
            new Fact("darktrace/sekoia_test_pentest.json", SEVERITY, "CRITICAL 100"),
            new Fact("alerts/guardduty_api_get_finding_details.json", INSTANCE, "i-053d1520f53584149"),
            new Fact(
                    "alerts/guardduty_api_get_finding_details.json", SEEN, "2020-10-06T05:10:58Z 2020-10-06T05:46:59Z"),
            new Fact("alerts/guardduty_event_container.json", FILE, "tmp/eicar.com"),
            new Fact(
                    "alerts/panther_aws_guardduty_critical_sev_findings.json",
                    TECHNIQUES,
                    "T1562.008 T1098.003 T1078.004"),
            new Fact("alerts/eventbridge_securityhub_afsbp-ec2.7.json", SEVERITY, "INFORMATIONAL 10"),
            new Fact("alerts/ocsf_sechub-guardduty.raw.json", USER, "/Admin"),
            new Fact("alerts/scc_v2_listfindings_trimmed.json", HOST, "web-server-01"),
            new Fact("alerts/scc_v2_listfindings_trimmed.json", TECHNIQUES, "T1071 T1041"),
            new Fact("alerts/scc_v2_listfindings_trimmed.json", PROCESS, "/tmp/.x/cryptominer 48213"),
            new Fact("alerts/scc_bad_ip_scc.json", HOST, "bad-ip-caller"),
            new Fact("alerts/scc_ssh_brute_force-remediated.json", HOST, "instance-1"),
            new Fact("alerts/scc_ssh_brute_force-remediated.json", TECHNIQUES, "T1078 T1078.003"),
            new Fact("alerts/sentinel_incident_sdk_test_alert_1.json", TITLE, "test 11"),
            new Fact("alerts/sentinel_rest_incident_alerts.json", SEVERITY, "LOW 30"),
            new Fact("alerts/ocsf_test_security_finding_1.json", HOST, "host0.local"),
            new Fact("alerts/ocsf_test_detection_finding_2.json", SEEN, "2023-04-11T13:01:20Z 2024-09-11T13:38:41Z"));

    private static void everyEventIsRead(String file) throws Exception {
        AlertSource source = source(file);
        for (JsonNode event : events(file)) {
            NormalisedAlert alert = source.read(event, RECEIVED);
            assertThat(alert.sourceAlertId()).isNotBlank();
            assertThat(alert.title()).isNotBlank();
            assertThat(alert.severity()).isBetween(0, 100);
            assertThat(alert.firstSeen()).isBeforeOrEqualTo(alert.lastSeen());
        }
    }

    private static void refused(String file) throws Exception {
        for (JsonNode event : events(file)) {
            assertThatThrownBy(() -> source(file).read(event, RECEIVED)).isInstanceOf(UnreadableAlertException.class);
        }
    }

    public static Stream<String> files() throws IOException {
        Assumptions.assumeTrue(Files.isDirectory(SAMPLES), "no samples of the contracts beside the corpus");
        var files = new ArrayList<String>();
        for (String folder : List.of("alerts", "crowdstrike", "darktrace", "defender", "sentinelone")) {
            try (Stream<Path> found = Files.list(SAMPLES.resolve(folder))) {
                found.map(path -> folder + "/" + path.getFileName()).forEach(files::add);
            }
        }
        return files.stream().sorted();
    }

    public static boolean isNoAlert(String file) {
        return NO_ALERTS.keySet().stream().anyMatch(file::startsWith);
    }

    static AlertSource source(String file) {
        return AlertSource.named(sourceName(file)).orElseThrow();
    }

    public static String sourceName(String file) {
        String name = file.substring(file.indexOf('/') + 1);
        if (file.startsWith("defender/")) {
            return name.contains("graph") ? "graph" : "defender";
        }
        if (!file.startsWith("alerts/")) {
            return file.substring(0, file.indexOf('/'));
        }
        if (name.startsWith("eventbridge_securityhub") || name.startsWith("ocsf_sechub-guardduty.raw")) {
            return "securityhub";
        }
        return Stream.of("ocsf", "scc", "sentinel", "guardduty")
                .filter(name::contains)
                .findFirst()
                .orElseThrow();
    }

    /// The alerts of a sample. Samples of one repository wrap each event for its tests as `{name, event}`.
    public static List<JsonNode> events(String file) throws Exception {
        byte[] raw = Files.readAllBytes(SAMPLES.resolve(file));
        if (!file.contains("panther_")) {
            return AlertBody.read(raw, source(file));
        }
        var events = new ArrayList<JsonNode>();
        for (JsonNode test : AlertBody.read(raw)) {
            boolean isAlert = Optional.of(test.path("name").asText())
                    .filter(EVENTS_NO_ALERTS::contains)
                    .isEmpty();
            if (isAlert) {
                events.add(test.path("event"));
            }
        }
        return source(file).split(events);
    }
}
