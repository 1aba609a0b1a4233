package io.varve.emulator.darktrace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.Api;
import io.varve.emulator.darktrace.Settings.FormSigning;
import io.varve.emulator.device.DeviceFacts;
import io.varve.emulator.kit.TestClock;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("contained")
final class DarktraceTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String EVENT = "bc64f242-ce29-4f35-bc94-230991116564";
    private static final long NOW = Instant.parse("2026-01-01T12:00:00Z").toEpochMilli();
    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final String FORM = "application/x-www-form-urlencoded";

    private final TestClock clock = TestClock.stoppedAt(Instant.ofEpochMilli(NOW));
    private final ApiToken known = new ApiToken("pub-0123456789", "priv-abcdef", Set.of(Permission.values()));
    private Darktrace vendor = Darktrace.start(clock);
    private Api api = new Api(vendor.url());

    @BeforeEach
    void seed() throws IOException {
        vendor.add(known);
        vendor.event(event(EVENT, NOW - HOUR, "g-one"));
    }

    @AfterEach
    void stop() {
        vendor.close();
    }

    private void restart(Settings settings) throws IOException {
        vendor.close();
        vendor = Darktrace.start(clock, settings);
        api = new Api(vendor.url());
        seed();
    }

    @Test
    void the_signatures_of_the_contract_are_right() {
        String date = "20260101T120000";
        assertThat(Signatures.sign(known, date, "/status")).isEqualTo("4e5ecba64211ee0a69b55fda5c41deaef9c792da");
        assertThat(Signatures.sign(known, date, "/aianalyst/groups?includeacknowledged=true&starttime=1767225600000"))
                .isEqualTo("e83e7530c008530e83eb14a902a5413d8a5c38a9");
        assertThat(Signatures.sign(known, date, "/aianalyst/acknowledge?uuid=" + EVENT))
                .isEqualTo("d5934cd8586bd85d9d115e135ca1c3c398d95640");
        assertThat(Signatures.sign(
                        known,
                        date,
                        "/aianalyst/incident/comments?{\"incident_id\":\"" + EVENT + "\",\"message\":\"case 42\"}"))
                .isEqualTo("700546a3410811c97a6527e9a9abcc2c33ec6831");
    }

    @Test
    void requests_with_the_contracts_signatures_are_taken() {
        assertThat(sent("/status", "4e5ecba64211ee0a69b55fda5c41deaef9c792da", "20260101T120000"))
                .isEqualTo(200);
        assertThat(sent(
                        "/aianalyst/groups?includeacknowledged=true&starttime=1767225600000",
                        "e83e7530c008530e83eb14a902a5413d8a5c38a9",
                        "20260101T120000"))
                .isEqualTo(200);
    }

    private int sent(String target, String signature, String date) {
        return api.send(api.request(target)
                        .header("DTAPI-Token", known.publicToken())
                        .header("DTAPI-Date", date)
                        .header("DTAPI-Signature", signature))
                .status();
    }

    @Test
    void a_wrong_signature_and_an_old_date_are_told_apart() {
        var forged = new ApiToken(known.publicToken(), "priv-guess", Set.of());
        Api.Answer wrong = get(forged, "/status");
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.text()).contains("API SIGNATURE ERROR");
        assertThat(get(new ApiToken("nobody", "priv-abcdef", Set.of()), "/status")
                        .text())
                .contains("API SIGNATURE ERROR");
        clock.advance(Duration.ofMinutes(31));
        String old = "20260101T120000";
        Api.Answer late = api.send(api.request("/status")
                .header("DTAPI-Token", known.publicToken())
                .header("DTAPI-Date", old)
                .header("DTAPI-Signature", Signatures.sign(known, old, "/status")));
        assertThat(late.status()).isEqualTo(400);
        assertThat(late.text()).contains("API DATE ERROR");
        for (String format : List.of("yyyy-MM-dd HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.SSSSSS")) {
            String date = DateTimeFormatter.ofPattern(format, Locale.ROOT)
                    .withZone(ZoneOffset.UTC)
                    .format(clock.instant());
            assertThat(sent("/status", Signatures.sign(known, date, "/status"), date))
                    .isEqualTo(200);
        }
    }

    @Test
    void unknown_paths_and_missing_rights_redirect() {
        assertThat(get(known, "/nothing").header("Location")).isEqualTo("/login");
        ApiToken reader = vendor.token(Permission.READ);
        Api.Answer answer = comment(reader, "hello");
        assertThat(answer.status()).isEqualTo(302);
        assertThat(answer.header("Location")).isEqualTo("/403");
        assertThat(get(reader, "/status").status()).isEqualTo(200);
    }

    @Test
    void a_form_is_signed_with_its_body_or_without_as_the_version_has_it() throws IOException {
        String body = "uuid=" + EVENT;
        String path = "/aianalyst/acknowledge";
        assertThat(post(known, path, FORM, body, path + "?" + body).status()).isEqualTo(200);
        assertThat(vendor.storedEvent(EVENT).path("acknowledged").asBoolean()).isTrue();
        assertThat(post(known, path, FORM, body, path).status()).isEqualTo(400);
        restart(Settings.documented().with(FormSigning.PATH_ONLY));
        assertThat(post(known, path, FORM, body, path).json().path("aianalyst").asText())
                .isEqualTo("SUCCESS");
        assertThat(post(known, path, FORM, body, path + "?" + body).status()).isEqualTo(400);
    }

    @Test
    void comments_on_events_and_breaches_stay() throws IOException {
        assertThat(comment(known, "see https://varve.example/incidents/42").status())
                .isEqualTo(200);
        assertThat(vendor.eventComments(EVENT).getFirst().message())
                .isEqualTo("see https://varve.example/incidents/42");
        JsonNode read = get(known, "/aianalyst/incident/comments?incident_id=" + EVENT)
                .json()
                .path("comments");
        assertThat(read.at("/0/username").asText()).isEqualTo(known.publicToken());
        assertThat(read.at("/0/time").asLong()).isEqualTo(NOW);
        vendor.breach(breach(7));
        String path = "/modelbreaches/7/comments";
        String body = "{\"message\":\"captured\"}";
        assertThat(post(known, path, "application/json", body, path + "?" + body)
                        .json()
                        .path("response")
                        .asText())
                .isEqualTo("SUCCESS");
        assertThat(vendor.breachComments(7)).hasSize(1);
        assertThat(vendor.storedBreach(7).path("commentCount").asInt()).isEqualTo(1);
        assertThat(get(known, "/mbcomments?pbid=7").json().at("/0/message").asText())
                .isEqualTo("captured");
    }

    @Test
    void pinned_groups_leak_into_any_window() throws IOException {
        vendor.group(group("g-one", NOW - HOUR, false));
        vendor.group(group("g-old", NOW - 500 * HOUR, true));
        vendor.group(group("g-past", NOW - 400 * HOUR, false));
        String window = "starttime=" + (NOW - 2 * HOUR);
        assertThat(ids("/aianalyst/groups?" + window)).containsExactlyInAnyOrder("g-one", "g-old");
        assertThat(ids("/aianalyst/groups?includeallpinned=false&" + window)).containsExactly("g-one");
        assertThat(ids("/aianalyst/groups?includeonlypinned=true")).containsExactly("g-old");
        assertThat(ids("/aianalyst/groups?groupcritical=false")).isEmpty();
        assertThat(ids("/aianalyst/groups?mingroupscore=99")).isEmpty();
        assertThat(ids("/aianalyst/groups?groupid=g-one")).containsExactly("g-one");
    }

    @Test
    void events_are_filtered_by_time_group_device_and_score() throws IOException {
        vendor.event(event("later", NOW, "g-two"));
        assertThat(ids("/aianalyst/incidentevents?starttime=" + (NOW - 1000))).containsExactly("later");
        assertThat(ids("/aianalyst/incidentevents?groupid=g-one")).containsExactly(EVENT);
        assertThat(ids("/aianalyst/incidentevents?did=81&minscore=50")).hasSize(2);
        assertThat(ids("/aianalyst/incidentevents?did=82")).isEmpty();
        assertThat(get(known, "/aianalyst/incidentevents?includeincidenteventurl=true&uuid=later")
                        .json()
                        .at("/0/incidentEventUrl")
                        .asText())
                .endsWith("#aiaincidentevent/later");
    }

    @Test
    void groups_merge_under_a_new_id() throws IOException {
        vendor.group(group("g-one", NOW - HOUR, false));
        vendor.group(group("g-two", NOW, false));
        String merged = vendor.merge("g-one", "g-two");
        JsonNode groups = get(known, "/aianalyst/groups").json();
        assertThat(groups).hasSize(1);
        assertThat(groups.at("/0/id").asText()).isEqualTo(merged);
        assertThat(groups.at("/0/previousIds").toString()).isEqualTo("[\"g-one\",\"g-two\"]");
        assertThat(groups.at("/0/start").asLong()).isEqualTo(NOW - HOUR);
        JsonNode event = get(known, "/aianalyst/incidentevents").json().path(0);
        assertThat(event.path("currentGroup").asText()).isEqualTo(merged);
        assertThat(event.path("groupPreviousGroups").toString()).isEqualTo("[\"g-one\"]");
    }

    @Test
    void breaches_come_in_two_shapes_and_a_system_breach_has_no_device() throws IOException {
        vendor.breach(breach(7));
        ObjectNode system = breach(8);
        system.withObject("/device").removeAll().put("did", -1);
        vendor.breach(system);
        JsonNode both = get(known, "/modelbreaches?minscore=0.5").json();
        assertThat(both).hasSize(2);
        assertThat(both.at("/0/model/then/name").asText()).isEqualTo("Compromise::Invented");
        assertThat(both.at("/0/model/now/name").asText()).isEqualTo("Compromise::Invented");
        assertThat(both.at("/1/device/did").asInt()).isEqualTo(-1);
        JsonNode flat = get(known, "/modelbreaches?deviceattop=false&historicmodelonly=true&pbid=7")
                .json()
                .path(0);
        assertThat(flat.at("/model/name").asText()).isEqualTo("Compromise::Invented");
        assertThat(flat.has("device")).isFalse();
        assertThat(flat.at("/triggeredComponents/0/device/did").asInt()).isEqualTo(81);
        assertThat(get(known, "/modelbreaches/8").json().path("pbid").asInt()).isEqualTo(8);
        String path = "/modelbreaches/7/acknowledge";
        post(known, path, FORM, "acknowledge=true", path + "?acknowledge=true");
        assertThat(get(known, "/modelbreaches").json()).hasSize(1);
        assertThat(get(known, "/modelbreaches?includeacknowledged=true").json()).hasSize(2);
    }

    @Test
    void devices_are_found_by_name_and_address() throws IOException {
        vendor.device(81, DeviceFacts.of("web77"));
        vendor.device((ObjectNode)
                JSON.readTree("{\"did\":82,\"hostname\":null,\"ip\":null,\"macaddress\":null,\"lastSeen\":1}"));
        assertThat(get(known, "/devices?did=81").json().at("/0/hostname").asText())
                .isEqualTo("web77");
        assertThat(get(known, "/devices?ip=" + DeviceFacts.of("web77").localIp())
                        .json())
                .hasSize(1);
        assertThat(get(known, "/devices?did=82").json().at("/0/hostname").isNull())
                .isTrue();
        JsonNode found = get(known, "/devicesearch?count=10&query=" + Api.encode("hostname:\"web*\""))
                .json();
        assertThat(found.path("totalCount").asInt()).isEqualTo(1);
        assertThat(get(known, "/devicesearch?query=" + Api.encode("hostname:\"none\""))
                        .json()
                        .path("devices"))
                .isEmpty();
        assertThat(get(known, "/details?did=81").status()).isEqualTo(400);
        assertThat(get(known, "/details?count=5&did=81").status()).isEqualTo(200);
    }

    @Test
    void blocking_through_the_appliance_is_caught_and_too_many_requests_are_refused() throws IOException {
        restart(Settings.documented().withPerMinute(2));
        String path = "/antigena/manual";
        post(known, path, "application/json", "{}", path + "?{}");
        assertThatThrownBy(vendor::assertNoContainmentCalls).hasMessageContaining("antigena");
        assertThat(get(known, "/status").status()).isEqualTo(200);
        assertThat(get(known, "/status").status()).isEqualTo(429);
    }

    private Api.Answer comment(ApiToken token, String text) {
        String body = "{\"incident_id\":\"%s\",\"message\":\"%s\"}".formatted(EVENT, text);
        String path = "/aianalyst/incident/comments";
        return post(token, path, "application/json", body, path + "?" + body);
    }

    private List<String> ids(String target) {
        var ids = new ArrayList<String>();
        get(known, target).json().forEach(item -> ids.add(item.path("id").asText()));
        return ids;
    }

    private Api.Answer get(ApiToken token, String target) {
        String date = date();
        return api.send(api.request(target)
                .header("DTAPI-Token", token.publicToken())
                .header("DTAPI-Date", date)
                .header("DTAPI-Signature", Signatures.sign(token, date, target)));
    }

    private Api.Answer post(ApiToken token, String path, String type, String body, String signed) {
        String date = date();
        return api.send(api.request(path)
                .header("Content-Type", type)
                .header("DTAPI-Token", token.publicToken())
                .header("DTAPI-Date", date)
                .header("DTAPI-Signature", Signatures.sign(token, date, signed))
                .POST(BodyPublishers.ofString(body)));
    }

    private String date() {
        return DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(clock.instant());
    }

    private static ObjectNode event(String id, long created, String group) throws IOException {
        return (ObjectNode) JSON.readTree("""
                {"id":"%s","createdAt":%d,"currentGroup":"%s","groupCategory":"critical","groupScore":"61.5",
                 "groupPreviousGroups":[],"aiaScore":98.0,"acknowledged":false,"pinned":false,
                 "title":"Invented","summary":null,"breachDevices":[{"did":81,"hostname":"web77","mac":null}]}
                """.formatted(id, created, group));
    }

    private static ObjectNode group(String id, long start, boolean pinned) throws IOException {
        return (ObjectNode) JSON.readTree("""
                {"id":"%s","start":%d,"end":%d,"pinned":%s,"acknowledged":false,"category":"critical",
                 "groupScore":40.5,"previousIds":[],"incidentEvents":[{"uuid":"%s"}],"devices":[81]}
                """.formatted(id, start, start + 1000, pinned, EVENT));
    }

    private static ObjectNode breach(int pbid) throws IOException {
        return (ObjectNode) JSON.readTree("""
                {"pbid":%d,"time":%d,"score":0.8,"commentCount":0,
                 "model":{"name":"Compromise::Invented","pid":608,"uuid":"u-1"},
                 "device":{"did":81,"ip":"192.0.2.7"},"triggeredComponents":[{"cbid":1}]}
                """.formatted(pbid, NOW));
    }
}
