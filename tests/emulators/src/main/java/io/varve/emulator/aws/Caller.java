package io.varve.emulator.aws;

import io.varve.emulator.kit.Call;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Who signed a request, and for which service and region.
record Caller(String accessKey, String region, String service) {
    private static final Pattern CREDENTIAL = Pattern.compile("Credential=([^/]+)/\\d+/([^/]+)/([^/]+)/aws4_request");
    private static final Pattern PRESIGNED = Pattern.compile("([^/]+)/\\d+/([^/]+)/([^/]+)/aws4_request");
    private static final Pattern TARGET = Pattern.compile("[A-Za-z0-9_.]+\\.([A-Za-z]+)");

    static Optional<Caller> of(Call call) {
        Matcher found =
                CREDENTIAL.matcher(call.request().header("authorization").orElse(""));
        if (!found.find()) {
            found = PRESIGNED.matcher(call.query("X-Amz-Credential").orElse(""));
            if (!found.matches()) {
                return Optional.empty();
            }
        }
        return Optional.of(new Caller(found.group(1), found.group(2), found.group(3)));
    }

    /// As policies name it, e.g. `ec2:CreateSnapshots`.
    String action(Call call) {
        if (service.equals("ebs")) {
            String[] path = call.path().split("/", -1);
            String name = path.length == 5
                    ? "GetSnapshotBlock"
                    : path[3].equals("blocks") ? "ListSnapshotBlocks" : "ListChangedBlocks";
            return "ebs:" + name;
        }
        if (service.equals("s3")) {
            return "s3:" + Buckets.action(call);
        }
        if (service.equals("guardduty")) {
            return "guardduty:" + AccountLogs.action(call);
        }
        if (service.equals("lambda")) {
            return "lambda:" + Functions.action(call);
        }
        Matcher target = TARGET.matcher(call.request().header("x-amz-target").orElse(""));
        String name = target.matches()
                ? target.group(1)
                : call.request().form("Action").orElse("");
        return service + ":" + name;
    }
}
