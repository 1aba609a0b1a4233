package io.varve.emulator.azure;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Sign-ins as Microsoft Graph lists them: newest first, a few a page. Of filters it knows those for a time and
/// an address.
public final class SignIns {
    private static final String PATH = "/v1.0/auditLogs/signIns";
    private static final int PAGE = 2;
    private static final Pattern FILTER = Pattern.compile(
            "createdDateTime ge (\\S+) and createdDateTime lt (\\S+) and ipAddress eq '([0-9a-fA-F:.]+)'");

    private final Supplier<URI> base;
    private final List<SignIn> all = new CopyOnWriteArrayList<>();
    private volatile String nextBase = "";
    private volatile boolean isLicensed = true;

    SignIns(Supplier<URI> base) {
        this.base = base;
    }

    private record SignIn(Instant at, String user, String address, int error) {
        ObjectNode json() {
            ObjectNode json = JsonNodeFactory.instance
                    .objectNode()
                    .put(
                            "id",
                            UUID.nameUUIDFromBytes((at + user).getBytes(StandardCharsets.UTF_8))
                                    .toString())
                    .put("createdDateTime", at.toString())
                    .put("userPrincipalName", user)
                    .put("appDisplayName", "Azure Portal")
                    .put("ipAddress", address)
                    .put("conditionalAccessStatus", "notApplied");
            json.putObject("status").put("errorCode", error).put("failureReason", error == 0 ? "Other." : "refused");
            return json;
        }
    }

    /// @param error 0 where it went well
    public void add(Instant at, String user, String address, int error) {
        all.add(new SignIn(at, user, address, error));
    }

    /// Pages go on there, not here; empty for here.
    public void goOnAt(String address) {
        nextBase = address;
    }

    /// Whether the tenant has Entra ID P1.
    public void licensed(boolean is) {
        isLicensed = is;
    }

    static boolean isFor(Call call) {
        return call.path().startsWith("/v1.0/");
    }

    Response answer(Call call) {
        if (!call.path().equals(PATH)) {
            throw Refusal.notFound(call.path());
        }
        if (!isLicensed) {
            throw new Refusal(
                    403,
                    "Authentication_RequestFromNonPremiumTenantOrB2CTenant",
                    "Neither tenant is B2C or tenant doesn't have premium license");
        }
        Matcher filter = FILTER.matcher(call.query("$filter").orElse(""));
        if (!filter.matches()) {
            throw new Refusal(400, "BadRequest", "Invalid filter clause");
        }
        List<SignIn> found = all.stream()
                .filter(one -> one.address().equals(filter.group(3)))
                .filter(one -> !one.at().isBefore(Instant.parse(filter.group(1)))
                        && one.at().isBefore(Instant.parse(filter.group(2))))
                .sorted(Comparator.comparing(SignIn::at).reversed())
                .toList();
        int from = call.query("$skiptoken").map(Integer::parseInt).orElse(0);
        int end = Math.min(found.size(), from + PAGE);
        ObjectNode answer = JsonNodeFactory.instance
                .objectNode()
                .put("@odata.context", "https://graph.microsoft.com/v1.0/$metadata#auditLogs/signIns");
        if (end < found.size()) {
            answer.put(
                    "@odata.nextLink",
                    "%s%s?$top=2&$filter=%s&$skiptoken=%d"
                            .formatted(nextBase.isEmpty() ? base.get() : nextBase, PATH, filter.group(), end));
        }
        ArrayNode value = answer.putArray("value");
        found.subList(from, end).forEach(one -> value.add(one.json()));
        return Response.json(200, answer);
    }
}
