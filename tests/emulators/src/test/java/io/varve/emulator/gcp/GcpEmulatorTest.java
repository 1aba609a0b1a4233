package io.varve.emulator.gcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.emulator.gcp.Scene.Disk;
import io.varve.emulator.kit.TestClock;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The rules of Google's interfaces, asked by hand; its own libraries are held against the emulator in `providers/gcp`.
final class GcpEmulatorTest {
    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    static Path folder = Path.of("");

    private static GcpEmulator gcp = unset();
    private static Path disk = Path.of("");

    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T unset() {
        return null;
    }

    @BeforeAll
    static void start() throws IOException {
        Assumptions.assumeTrue(
                GcpEmulator.possible(), "no fake-gcs-server and qemu-img on this machine: Google Cloud is skipped");
        gcp = GcpEmulator.start(TestClock.stoppedAt(Instant.parse("2026-11-27T03:00:00Z")), folder.resolve("gcp"));
        disk = Files.write(folder.resolve("disk.raw"), new byte[1 << 20]);
    }

    @AfterAll
    static void stop() {
        if (gcp != null) {
            gcp.close();
        }
    }

    @AfterEach
    void calm() {
        gcp.settling(Duration.ZERO);
        gcp.grants().allowAll();
    }

    private static String token(PrivateKey key) throws Exception {
        Base64.Encoder base64 = Base64.getUrlEncoder().withoutPadding();
        String claims = "{\"iss\":\"%s\",\"scope\":\"https://www.googleapis.com/auth/cloud-platform\"}"
                .formatted(gcp.account());
        String text = base64.encodeToString("{\"alg\":\"RS256\"}".getBytes(StandardCharsets.UTF_8)) + "."
                + base64.encodeToString(claims.getBytes(StandardCharsets.UTF_8));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key);
        signature.update(text.getBytes(StandardCharsets.UTF_8));
        String form = "grant_type=" + encoded("urn:ietf:params:oauth:grant-type:jwt-bearer") + "&assertion="
                + encoded(text + "." + base64.encodeToString(signature.sign()));
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(URI.create(gcp.url() + "/token"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        JsonNode body = JSON.readTree(answer.body());
        return answer.statusCode() == 200
                ? body.path("access_token").asText()
                : body.path("error").asText();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static PrivateKey own() throws IOException, GeneralSecurityException {
        String pem = JSON.readTree(gcp.serviceAccountKey()).path("private_key").asText();
        byte[] bytes = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(bytes));
    }

    private record Answer(int status, JsonNode body) {
        String reason() {
            return body.path("error").path("errors").path(0).path("reason").asText();
        }
    }

    private static Answer ask(String token, String method, String path, String body) throws Exception {
        HttpResponse<String> answer = HTTP.send(
                HttpRequest.newBuilder(URI.create(gcp.url() + path))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        return new Answer(answer.statusCode(), JSON.readTree(answer.body()));
    }

    private static Answer snapshot(String token, Instance instance, String name, String request) throws Exception {
        return ask(
                token,
                "POST",
                "/compute/v1/projects/%s/zones/%s/disks/%s/createSnapshot?requestId=%s"
                        .formatted(
                                instance.project(),
                                instance.zone(),
                                instance.disks().getFirst(),
                                request),
                "{\"name\":\"%s\",\"labels\":{\"a\":\"b\"}}".formatted(name));
    }

    @Test
    void only_the_key_that_was_handed_out_signs_in_and_tokens_end_after_an_hour() throws Exception {
        KeyPairGenerator other = KeyPairGenerator.getInstance("RSA");
        other.initialize(2048);
        assertThat(token(other.generateKeyPair().getPrivate())).isEqualTo("invalid_grant");
        String token = token(own());
        String path = "/compute/v1/projects/p/global/snapshots";
        assertThat(ask(token, "GET", path, "").status()).isEqualTo(200);
        assertThat(ask("ya29.guessed", "GET", path, "").status()).isEqualTo(401);
        gcp.clock().advance(Duration.ofMinutes(61));
        assertThat(ask(token, "GET", path, "").status()).isEqualTo(401);
    }

    @Test
    void an_operation_runs_and_is_done_and_a_request_id_is_known_again() throws Exception {
        String token = token(own());
        Instance instance = gcp.scene().instance("ops", "europe-west3-a", Disk.of(disk));
        gcp.settling(Duration.ofMinutes(1));
        Answer begun = snapshot(token, instance, "snap-1", "r-1");
        assertThat(begun.body().path("status").asText()).isEqualTo("RUNNING");
        String operation = begun.body().path("selfLink").asText().replaceFirst(".*/compute", "/compute");
        String made = "/compute/v1/projects/ops/global/snapshots/snap-1";
        assertThat(ask(token, "GET", made, "").body().path("status").asText()).isEqualTo("CREATING");
        assertThat(snapshot(token, instance, "snap-1", "r-1").body().path("name"))
                .as("the same operation")
                .isEqualTo(begun.body().path("name"));
        assertThat(snapshot(token, instance, "snap-1", "r-2").reason()).isEqualTo("alreadyExists");
        gcp.clock().advance(Duration.ofMinutes(1));
        assertThat(ask(token, "GET", operation, "").body().path("status").asText())
                .isEqualTo("DONE");
        assertThat(ask(token, "GET", made, "").body().path("status").asText()).isEqualTo("READY");
    }

    @Test
    void lists_come_in_pages_and_labels_choose() throws Exception {
        String token = token(own());
        Instance instance = gcp.scene().instance("pages", "europe-west3-a", Disk.of(disk));
        for (int i = 0; i < 5; i++) {
            snapshot(token, instance, "page-" + i, "page-" + i);
        }
        Set<String> found = new HashSet<>();
        String page = "0";
        int pages = 0;
        do {
            JsonNode answer = ask(
                            token,
                            "GET",
                            "/compute/v1/projects/pages/global/snapshots?pageToken=" + page + "&filter="
                                    + encoded("labels.a=b"),
                            "")
                    .body();
            found.addAll(answer.path("items").findValuesAsText("name"));
            page = answer.path("nextPageToken").asText();
            pages++;
        } while (!page.isEmpty());
        assertThat(found).hasSize(5);
        assertThat(pages).isEqualTo(3);
        assertThat(ask(
                                token,
                                "GET",
                                "/compute/v1/projects/pages/global/snapshots?filter=" + encoded("labels.a=other"),
                                "")
                        .body()
                        .path("items"))
                .isEmpty();
    }

    @Test
    void what_is_not_granted_is_refused_with_the_permission_and_told_by_the_test() throws Exception {
        String token = token(own());
        Instance instance = gcp.scene().instance("rights", "europe-west3-a", Disk.of(disk));
        gcp.grants().deny("compute.snapshots.create");
        Answer refused = snapshot(token, instance, "never", "never");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.body().path("error").path("message").asText()).contains("compute.snapshots.create");
        JsonNode tested = ask(
                        token,
                        "POST",
                        "/v3/projects/rights:testIamPermissions",
                        "{\"permissions\":[\"compute.snapshots.create\",\"compute.snapshots.get\"]}")
                .body();
        assertThat(tested.path("permissions")).extracting(JsonNode::asText).containsExactly("compute.snapshots.get");
    }

    @Test
    void a_protected_instance_is_not_deleted_and_a_supplied_key_keeps_its_disk_closed() throws Exception {
        String token = token(own());
        Instance instance =
                gcp.scene().instance("kept", "europe-west3-a", Disk.of(disk).suppliedKey("qPm2"));
        gcp.scene().protect(instance);
        assertThat(ask(token, "DELETE", "/compute/v1/" + instance.resource(), "")
                        .status())
                .isEqualTo(400);
        assertThat(snapshot(token, instance, "closed", "closed").body().toString())
                .contains("customer supplied encryption key");
    }

    private static Answer entries(String token, String project, String more) throws Exception {
        return ask(
                token,
                "POST",
                "/v2/entries:list",
                "{\"resourceNames\":[\"projects/%s\"],\"orderBy\":\"timestamp asc\"%s}".formatted(project, more));
    }

    private static String status(Answer answer) {
        return answer.status() + " "
                + answer.body().path("error").path("status").asText();
    }

    @Test
    void log_entries_come_in_pages_whose_tokens_belong_to_one_request() throws Exception {
        String token = token(own());
        Instance instance = gcp.scene().instance("logs", "europe-west3-a", Disk.of(disk));
        Instant now = gcp.clock().instant();
        for (int second = 5; second > 0; second--) {
            gcp.scene().audit(instance, second == 3 ? "data_access" : "activity", now.minusSeconds(second), "get");
        }
        var times = new ArrayList<String>();
        String next = "";
        do {
            Answer page = entries(
                    token, "logs", ",\"pageSize\":2" + (next.isEmpty() ? "" : ",\"pageToken\":\"%s\"".formatted(next)));
            times.addAll(page.body().path("entries").findValuesAsText("timestamp"));
            next = page.body().path("nextPageToken").asText();
            if (!next.isEmpty()) {
                assertThat(status(entries(token, "logs", ",\"pageSize\":2,\"pageToken\":\"%sx\"".formatted(next))))
                        .isEqualTo("400 INVALID_ARGUMENT");
                assertThat(status(entries(token, "logs", ",\"pageSize\":3,\"pageToken\":\"%s\"".formatted(next))))
                        .isEqualTo("400 INVALID_ARGUMENT");
            }
        } while (!next.isEmpty());
        assertThat(times).hasSize(5).isSorted();
        assertThat(status(entries(token, "logs", ",\"filter\":\"severity=~\\\"N\\\"\"")))
                .isEqualTo("400 INVALID_ARGUMENT");

        gcp.grants().deny("logging.privateLogEntries.list");
        assertThat(entries(token, "logs", "").body().path("entries")).hasSize(4);
        gcp.grants().deny("logging.logEntries.list");
        assertThat(status(entries(token, "logs", ""))).isEqualTo("403 PERMISSION_DENIED");
    }

    @Test
    void log_entries_are_handed_out_so_often_a_minute() throws Exception {
        gcp.clock().advance(Duration.ofMinutes(2));
        String token = token(own());
        gcp.logQuota(2);
        try {
            assertThat(entries(token, "quota", "").status()).isEqualTo(200);
            assertThat(entries(token, "quota", "").status()).isEqualTo(200);
            assertThat(status(entries(token, "quota", ""))).isEqualTo("429 RESOURCE_EXHAUSTED");
            gcp.clock().advance(Duration.ofMinutes(1));
            assertThat(entries(token, "quota", "").status()).isEqualTo(200);
        } finally {
            gcp.logQuota(Integer.MAX_VALUE);
        }
    }

    @Test
    void a_serial_port_keeps_the_last_of_its_output() throws Exception {
        String token = token(own());
        Instance instance = gcp.scene().instance("serial", "europe-west3-a", Disk.of(disk));
        String path = "/compute/v1/%s/serialPort?port=2&start=".formatted(instance.resource());
        gcp.scene().serial(instance, 2, "abc");
        JsonNode all = ask(token, "GET", path + 0, "").body();
        assertThat(all.path("contents").asText()).isEqualTo("abc");
        assertThat(all.path("next").asText()).isEqualTo("3");
        assertThat(ask(token, "GET", path + 3, "").body().path("contents").asText())
                .isEmpty();
        assertThat(ask(token, "GET", path + -2, "").body().path("contents").asText())
                .isEqualTo("bc");
        gcp.scene().serial(instance, 2, "d".repeat(1 << 20));
        JsonNode later = ask(token, "GET", path + 1, "").body();
        assertThat(later.path("start").asText()).isEqualTo("3");
        assertThat(later.path("contents").asText()).hasSize(1 << 20);
        assertThat(ask(token, "GET", path.replace("port=2", "port=5") + 0, "").status())
                .isEqualTo(400);
    }
}
