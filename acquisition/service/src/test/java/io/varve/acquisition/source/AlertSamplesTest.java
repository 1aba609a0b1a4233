package io.varve.acquisition.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.acquisition.model.NormalisedAlert;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;

/// Every real alert of the vendors' contracts is read, each by its source, where the samples are at hand. The samples
/// that are no alerts are named here with the reason, so that a new one cannot be forgotten.
@Tag("contained")
class AlertSamplesTest {
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

    static Stream<String> files() throws IOException {
        Assumptions.assumeTrue(Files.isDirectory(SAMPLES), "no samples of the contracts beside the corpus");
        var files = new ArrayList<String>();
        for (String folder : List.of("alerts", "crowdstrike", "darktrace", "defender", "sentinelone")) {
            try (Stream<Path> found = Files.list(SAMPLES.resolve(folder))) {
                found.map(path -> folder + "/" + path.getFileName()).forEach(files::add);
            }
        }
        return files.stream().sorted();
    }

    static boolean isNoAlert(String file) {
        return NO_ALERTS.keySet().stream().anyMatch(file::startsWith);
    }

    static AlertSource source(String file) {
        return AlertSource.named(sourceName(file)).orElseThrow();
    }

    static String sourceName(String file) {
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
    static List<JsonNode> events(String file) throws Exception {
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
