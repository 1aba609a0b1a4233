package io.varve.emulator.defender;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import io.varve.emulator.kit.Routes;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Sign-in of one Entra tenant: client credentials for tokens that carry the application's permissions, valid for one
/// hour of the clock.
///
/// The Azure SDK's identity library signs in here too; it insists on https.
public final class Entra {
    static final Duration LIFE = Duration.ofSeconds(3599);
    private static final JsonMapper JSON = new JsonMapper();
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final Clock clock;
    private final String tenant;
    private final byte[] key = new byte[32];
    private final Map<String, Application> applications = new ConcurrentHashMap<>();
    private volatile long revokedBefore;

    public Entra(Clock clock, String tenant) {
        this.clock = clock;
        this.tenant = tenant;
        new SecureRandom().nextBytes(key);
    }

    public void register(Application application) {
        applications.put(application.clientId(), application);
    }

    /// Every token issued until now is refused, as after a revocation.
    public void revokeTokens() {
        revokedBefore = clock.millis() + 1;
    }

    public void routes(Routes routes) {
        routes.on("POST", "/{tenant}/oauth2/v2.0/token", this::token);
        routes.on("GET", "/common/discovery/instance", this::discovery);
        routes.on("GET", "/{tenant}/v2.0/.well-known/openid-configuration", this::configuration);
    }

    private Response token(Call call) {
        if (!call.variable("tenant").equals(tenant)) {
            return error(400, "invalid_request", 90002, "Tenant '" + call.variable("tenant") + "' not found.");
        }
        var form = call.request();
        if (!form.form("grant_type").orElse("").equals("client_credentials")) {
            return error(400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type.");
        }
        String client = form.form("client_id").orElse("");
        Application application = applications.get(client);
        if (application == null) {
            return error(400, "unauthorized_client", 700016, "Application was not found in the directory.");
        }
        call.from(client);
        if (!same(application.secret(), form.form("client_secret").orElse(""))) {
            return error(401, "invalid_client", 7000215, "Invalid client secret provided.");
        }
        String scope = form.form("scope").orElse("");
        Optional<Resource> resource = Arrays.stream(scope.split(" "))
                .flatMap(one -> Resource.ofScope(one).stream())
                .findFirst();
        if (resource.isEmpty()) {
            return error(400, "invalid_resource", 500011, "The resource principal named in the scope was not found.");
        }
        ObjectNode answer = JsonNodeFactory.instance
                .objectNode()
                .put("token_type", "Bearer")
                .put("expires_in", LIFE.toSeconds())
                .put("ext_expires_in", LIFE.toSeconds())
                .put("access_token", issue(application, resource.get()));
        return Response.json(200, answer).with("Cache-Control", "no-store, no-cache");
    }

    private String issue(Application application, Resource resource) {
        long now = clock.instant().getEpochSecond();
        ObjectNode claims = JsonNodeFactory.instance
                .objectNode()
                .put("aud", resource.audience())
                .put("iss", "https://sts.windows.net/" + tenant + "/")
                .put("iat", now)
                .put("nbf", now)
                .put("exp", now + LIFE.toSeconds())
                .put("issued_ms", clock.millis())
                .put("appid", application.clientId())
                .put("oid", object(application.clientId()))
                .put("idtyp", "app")
                .put("tid", tenant)
                .put("uti", UUID.randomUUID().toString())
                .put("ver", "1.0");
        var roles = claims.putArray("roles");
        application.roles().stream().filter(resource::lists).sorted().forEach(roles::add);
        String head = "{\"typ\":\"JWT\",\"alg\":\"HS256\"}";
        String signed = BASE64.encodeToString(head.getBytes(StandardCharsets.UTF_8))
                + "."
                + BASE64.encodeToString(claims.toString().getBytes(StandardCharsets.UTF_8));
        return signed + "." + signature(signed);
    }

    /// Refuses the call unless its token is for the resource, valid now, and carries one of the roles.
    void require(Call call, Resource resource, String... anyOf) {
        JsonNode claims = signedIn(call, resource);
        String client = claims.path("appid").asText();
        Set<String> held = resource == Resource.AZURE
                ? roles(client)
                : Set.copyOf(
                        JSON.convertValue(claims.path("roles"), String[].class) instanceof String[] all
                                ? Arrays.asList(all)
                                : Set.of());
        if (Arrays.stream(anyOf).noneMatch(held::contains)) {
            throw forbidden(resource, anyOf);
        }
    }

    /// Refuses the call unless its token is for the resource and valid now.
    ///
    /// @return the claims of the token
    public JsonNode signedIn(Call call, Resource resource) {
        JsonNode claims = claims(call.request().header("Authorization").orElse(""))
                .orElseThrow(() -> unauthorized(resource, "Access token is missing, invalid or expired."));
        if (!claims.path("aud").asText().equals(resource.audience())) {
            throw unauthorized(resource, "Access token validation failure. Invalid audience.");
        }
        call.from(claims.path("appid").asText());
        return claims;
    }

    private Set<String> roles(String client) {
        Application application = applications.get(client);
        return application == null ? Set.of() : application.roles();
    }

    private Optional<JsonNode> claims(String header) {
        String[] parts = header.startsWith("Bearer ") ? header.substring(7).split("\\.") : new String[0];
        if (parts.length != 3 || !same(signature(parts[0] + "." + parts[1]), parts[2])) {
            return Optional.empty();
        }
        try {
            JsonNode claims =
                    JSON.readTree(new String(Base64.getUrlDecoder().decode(parts[1]), StandardCharsets.UTF_8));
            boolean valid = claims.path("exp").asLong() > clock.instant().getEpochSecond()
                    && claims.path("issued_ms").asLong() >= revokedBefore;
            return valid ? Optional.of(claims) : Optional.empty();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a token of ours is not JSON", e);
        }
    }

    private static Refused unauthorized(Resource resource, String message) {
        return Refused.of(401, resource == Resource.DEFENDER ? "Unauthorized" : "InvalidAuthenticationToken", message);
    }

    private static Refused forbidden(Resource resource, String... anyOf) {
        String needed = String.join(",", anyOf);
        return switch (resource) {
            case DEFENDER ->
                Refused.of(
                        403,
                        "Forbidden",
                        "The application does not have any of the required application permissions (" + needed
                                + ") to access the resource.");
            case GRAPH -> Refused.of(403, "Forbidden", "Missing application roles. API required roles: " + needed);
            case AZURE, DISK, STORAGE ->
                Refused.of(403, "AuthorizationFailed", "The client does not have authorization; needed: " + needed);
        };
    }

    private Response discovery(Call call) {
        String authority = host(call);
        ObjectNode answer = JsonNodeFactory.instance
                .objectNode()
                .put("tenant_discovery_endpoint", endpoint(call) + "/v2.0/.well-known/openid-configuration")
                .put("api-version", "1.1");
        ObjectNode metadata = answer.putArray("metadata")
                .addObject()
                .put("preferred_network", authority)
                .put("preferred_cache", authority);
        metadata.putArray("aliases").add(authority);
        return Response.json(200, answer);
    }

    private Response configuration(Call call) {
        String endpoint = endpoint(call);
        ObjectNode answer = JsonNodeFactory.instance
                .objectNode()
                .put("issuer", endpoint + "/v2.0")
                .put("token_endpoint", endpoint + "/oauth2/v2.0/token")
                .put("authorization_endpoint", endpoint + "/oauth2/v2.0/authorize")
                .put("device_authorization_endpoint", endpoint + "/oauth2/v2.0/devicecode")
                .put("jwks_uri", endpoint + "/discovery/v2.0/keys");
        answer.putArray("token_endpoint_auth_methods_supported").add("client_secret_post");
        answer.putArray("response_types_supported").add("token");
        return Response.json(200, answer);
    }

    private String endpoint(Call call) {
        return "https://" + host(call) + "/" + tenant;
    }

    private static String host(Call call) {
        return call.request().header("Host").orElse("localhost");
    }

    private Response error(int status, String name, int number, String message) {
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("error", name)
                .put("error_description", "AADSTS" + number + ": " + message)
                .put("timestamp", clock.instant().toString())
                .put("trace_id", UUID.randomUUID().toString())
                .put("correlation_id", UUID.randomUUID().toString());
        body.putArray("error_codes").add(number);
        return Response.json(status, body);
    }

    private String signature(String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return BASE64.encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has HmacSHA256", e);
        }
    }

    /// The application's object in the tenant.
    public static String object(String client) {
        return UUID.nameUUIDFromBytes(client.getBytes(StandardCharsets.UTF_8)).toString();
    }

    private static boolean same(String left, String right) {
        return MessageDigest.isEqual(left.getBytes(StandardCharsets.UTF_8), right.getBytes(StandardCharsets.UTF_8));
    }
}
