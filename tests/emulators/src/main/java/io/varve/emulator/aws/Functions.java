package io.varve.emulator.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import java.io.IOException;
import java.net.URI;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Lambda: functions are moto's. Pages of lists, addresses of code, layers by their ARN, lists of function
/// URLs and of provisioned concurrency are ours, because moto has none of them.
///
/// As in Lambda's API reference: a list has `NextMarker` while there is more, 50 items at most;
/// `Code.Location` is an address that needs no signature of the caller's.
final class Functions {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PACKAGES = "/lambda-packages/";
    private static final int MOST_IN_A_PAGE = 50;
    private static final String SIGNED = "X-Amz-Security-Token=SECRET-OF-LAMBDA&X-Amz-Expires=600&X-Amz-Signature=0";

    private static final Map<String, String> LISTS = Map.of(
            "ListFunctions", "Functions",
            "ListAliases", "Aliases",
            "ListEventSourceMappings", "EventSourceMappings");

    /// What follows a function's name in a path.
    private static final Map<String, String> OF_FUNCTION = Map.of(
            "", "GetFunction",
            "versions", "ListVersionsByFunction",
            "aliases", "ListAliases",
            "policy", "GetPolicy",
            "concurrency", "GetFunctionConcurrency",
            "event-invoke-config/list", "ListFunctionEventInvokeConfigs",
            "urls", "ListFunctionUrlConfigs",
            "provisioned-concurrency", "ListProvisionedConcurrencyConfigs");

    private static final Pattern FUNCTION = Pattern.compile("/[\\d-]+/functions/([^/]+)/?(.*)");
    private static final Pattern LAYER = Pattern.compile("arn:[^:]+:lambda:[^:]+:\\d+:layer:([^:]+):(\\d+)");

    private final Moto moto;
    private final Supplier<URI> url;

    /// Packages by the SHA-256 of their bytes, in hexadecimal.
    private final Map<String, byte[]> packages = new ConcurrentHashMap<>();

    private final Set<String> undecryptable = ConcurrentHashMap.newKeySet();
    private volatile int pageSize = MOST_IN_A_PAGE;

    Functions(Moto moto, Supplier<URI> url) {
        this.moto = moto;
        this.url = url;
    }

    void pageSize(int items) {
        pageSize = items;
    }

    void keep(byte[] zip) {
        packages.put(HexFormat.of().formatHex(Moto.sha256(zip)), zip);
    }

    /// Lambda may not decrypt the environment for whoever asks.
    void hideEnvironment(String function) {
        undecryptable.add(function);
    }

    static boolean isPackage(Call call) {
        return call.path().startsWith(PACKAGES);
    }

    /// Needs no signature but that in the address.
    Response packageOf(Call call) {
        byte[] zip = packages.get(call.path().substring(PACKAGES.length()));
        if (zip == null || call.query("X-Amz-Signature").isEmpty()) {
            return new Refused(403, "AccessDenied", "", "Request has expired").in("s3");
        }
        return Response.bytes(200, "application/zip", zip);
    }

    /// As policies name it.
    static String action(Call call) {
        String path = call.path();
        if (path.contains("/layers")) {
            return "GetLayerVersion";
        }
        if (path.contains("/tags/")) {
            return "ListTags";
        }
        if (path.contains("/event-source-mappings")) {
            return "ListEventSourceMappings";
        }
        Matcher function = FUNCTION.matcher(path);
        if (!function.matches()) {
            return "ListFunctions";
        }
        return OF_FUNCTION.getOrDefault(function.group(2), "Unknown");
    }

    Response answer(Call call, String action) throws Refused, IOException {
        return switch (action) {
            case "lambda:GetLayerVersion" -> layer(call);
            case "lambda:GetFunction" -> told(moto.forward(call, 0), this::function);
            case "lambda:ListFunctionUrlConfigs" -> urls(call);
            case "lambda:ListProvisionedConcurrencyConfigs" ->
                ofExisting(call, answer -> answer.removeAll().putArray("ProvisionedConcurrencyConfigs"));
            case "lambda:ListVersionsByFunction" ->
                ofExisting(call, answer -> {
                    answer.removeAll().setAll((ObjectNode)
                            JSON.readTree(moto.forward(call, 0).bytes()));
                    page(call, answer, "Versions");
                });
            case "lambda:ListFunctionEventInvokeConfigs" ->
                told(moto.forward(call, 0), answer -> {
                    // moto writes a text where the API has a number
                    answer.path("FunctionEventInvokeConfigs")
                            .forEach(one -> ((ObjectNode) one).put("LastModified", 1_795_000_000));
                    page(call, answer, "FunctionEventInvokeConfigs");
                });
            default -> {
                String list = LISTS.get(action.substring("lambda:".length()));
                yield told(moto.forward(call, 0), answer -> {
                    if (list != null) {
                        page(call, answer, list);
                    }
                });
            }
        };
    }

    private interface Telling {
        void tell(ObjectNode answer) throws IOException;
    }

    private static Response told(Moto.Answer answer, Telling telling) throws IOException {
        if (answer.status() >= 300) {
            Response refused = Response.bytes(answer.status(), "application/json", answer.bytes());
            return answer.headers().entrySet().stream()
                    .filter(header -> header.getKey().equalsIgnoreCase("x-amzn-errortype"))
                    .findFirst()
                    .map(code ->
                            refused.with("x-amzn-ErrorType", code.getValue().getFirst()))
                    .orElse(refused);
        }
        JsonNode body = answer.bytes().length == 0 ? JSON.createObjectNode() : JSON.readTree(answer.bytes());
        if (body instanceof ObjectNode object) {
            telling.tell(object);
        }
        return Response.json(answer.status(), body);
    }

    private void page(Call call, ObjectNode answer, String list) {
        ArrayNode whole = answer.withArray(list);
        int start = call.query("Marker").map(Integer::parseInt).orElse(0);
        int most =
                Math.min(pageSize, call.query("MaxItems").map(Integer::parseInt).orElse(MOST_IN_A_PAGE));
        ArrayNode page = JSON.createArrayNode();
        for (int i = start; i < Math.min(whole.size(), start + most); i++) {
            page.add(whole.get(i));
        }
        answer.set(list, page);
        if (start + most < whole.size()) {
            answer.put("NextMarker", Integer.toString(start + most));
        }
    }

    private void function(ObjectNode answer) {
        JsonNode configuration = answer.path("Configuration");
        if (configuration.path("PackageType").asText("Zip").equals("Zip")) {
            answer.withObject("/Code")
                    .put("Location", location(configuration.path("CodeSha256").asText()));
        }
        if (undecryptable.contains(configuration.path("FunctionName").asText())) {
            ((ObjectNode) configuration)
                    .putObject("Environment")
                    .putObject("Error")
                    .put("ErrorCode", "AccessDeniedException")
                    .put("Message", "Lambda was unable to decrypt your environment variables");
        }
    }

    private String location(String sha256) {
        return url.get() + PACKAGES
                + HexFormat.of().formatHex(Base64.getDecoder().decode(sha256)) + "?" + SIGNED;
    }

    /// moto knows a layer by its name only.
    private Response layer(Call call) throws Refused, IOException {
        Matcher arn = LAYER.matcher(call.query("Arn").orElse(""));
        if (!arn.matches()) {
            throw new Refused(400, "InvalidParameterValueException", "", "no layer");
        }
        Moto.Answer answer =
                moto.forward(call, "/2018-10-31/layers/%s/versions/%s".formatted(arn.group(1), arn.group(2)));
        return told(answer, layer -> {
            ObjectNode content = layer.withObject("/Content");
            content.put("Location", location(content.path("CodeSha256").asText()));
        });
    }

    /// moto answers for functions that are not there, too.
    private Response ofExisting(Call call, Telling telling) throws IOException {
        return told(moto.forward(call, "/2015-03-31/functions/" + name(call)), telling);
    }

    private Response urls(Call call) throws IOException {
        Moto.Answer url = moto.forward(call, "/2021-10-31/functions/%s/url".formatted(name(call)));
        return ofExisting(call, answer -> {
            ArrayNode urls = answer.removeAll().putArray("FunctionUrlConfigs");
            if (url.status() < 300) {
                urls.add(JSON.readTree(url.bytes()));
            }
        });
    }

    private static String name(Call call) {
        Matcher function = FUNCTION.matcher(call.path());
        return function.matches() ? function.group(1) : "";
    }
}
