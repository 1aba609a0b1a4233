package io.varve.emulator.azure;

import io.varve.emulator.defender.Entra;
import io.varve.emulator.defender.Resource;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;

/// A storage account: Azurite's answers, behind what roles allow. Signed addresses are Azurite's affair;
/// what the one who had them signed is not allowed, they are not allowed either.
final class Blobs {
    static final String ACCOUNT = "devstoreaccount1";

    private static final String SERVICE = "Microsoft.Storage/storageAccounts/blobServices/";
    private static final String CONTAINERS = SERVICE + "containers/read";
    private static final Set<String> OURS =
            Set.of("host", "content-length", "connection", "expect", "upgrade", "http2-settings", "transfer-encoding");
    private static final Set<String> THEIRS = Set.of(
            ":status", "connection", "content-length", "content-type", "date", "keep-alive", "transfer-encoding");

    private final Allowed allowed;
    private final Entra entra;
    private final URI azurite;
    private final HttpClient client;
    /// By container.
    private final Map<String, String> lists = new ConcurrentHashMap<>();
    private volatile boolean refusesVersions;

    /// @param azurite an https address without a path
    Blobs(Allowed allowed, Entra entra, URI azurite, SSLContext trust) {
        this.allowed = allowed;
        this.entra = entra;
        this.azurite = azurite;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(trust)
                .build();
    }

    void list(String container, String xml) {
        lists.put(container, xml);
    }

    void refuseVersions(boolean isRefused) {
        refusesVersions = isRefused;
    }

    static boolean isFor(Call call) {
        return call.path().startsWith("/" + ACCOUNT);
    }

    /// As roles name it.
    static String action(Call call) {
        if (call.query("comp").equals(Optional.of("userdelegationkey"))) {
            return SERVICE + "generateUserDelegationKey/action";
        }
        boolean isOfAccount = call.query("restype").isEmpty() && call.path().matches("/[^/]+/?");
        if (isOfAccount && call.query("comp").equals(Optional.of("list"))) {
            return CONTAINERS;
        }
        String verb = switch (call.method()) {
            case "PUT" -> "write";
            case "DELETE" -> "delete";
            default -> "read";
        };
        return SERVICE + "containers/blobs/" + verb;
    }

    Response answer(Call call) throws IOException {
        String action = action(call);
        if (call.query("sig").isEmpty()) {
            entra.signedIn(call, Resource.STORAGE);
        }
        boolean may = action.endsWith("/action") || action.equals(CONTAINERS)
                ? allowed.allows(action)
                : allowed.allowsData(action);
        if (!may) {
            throw new Refusal(
                    403,
                    "AuthorizationPermissionMismatch",
                    "This request is not authorized to perform this operation using this permission.");
        }
        if (call.query("restype").isPresent() && call.query("comp").equals(Optional.of("list"))) {
            return listed(call);
        }
        return forward(call);
    }

    private Response listed(Call call) throws IOException {
        if (refusesVersions && call.query("include").orElse("").contains("versions")) {
            throw new Refusal(400, "InvalidQueryParameterValue", "Value for one of the query parameters is invalid.");
        }
        String list = lists.getOrDefault(call.path().substring(ACCOUNT.length() + 2), "");
        return list.isEmpty()
                ? forward(call)
                : Response.bytes(200, "application/xml", list.getBytes(StandardCharsets.UTF_8));
    }

    private Response forward(Call call) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(azurite + call.request().target()))
                .timeout(Duration.ofSeconds(60))
                .method(
                        call.method(),
                        HttpRequest.BodyPublishers.ofByteArray(call.request().body()));
        call.request().headers().forEach((name, values) -> {
            if (!OURS.contains(name)) {
                values.forEach(value -> request.header(name, value));
            }
        });
        try {
            HttpResponse<byte[]> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            Response response = Response.bytes(
                    answer.statusCode(),
                    answer.headers().firstValue("content-type").orElse(""),
                    answer.body());
            for (var header : answer.headers().map().entrySet()) {
                List<String> values = header.getValue();
                response =
                        THEIRS.contains(header.getKey()) ? response : response.with(header.getKey(), values.getFirst());
            }
            return response;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
