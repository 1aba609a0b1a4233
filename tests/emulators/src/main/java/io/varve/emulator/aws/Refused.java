package io.varve.emulator.aws;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.emulator.kit.Response;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/// A refusal in the shape of the service that was asked.
final class Refused extends Exception {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> IN_JSON = Set.of("cloudtrail", "ecs", "guardduty", "kms", "logs", "ssm");
    private static final long serialVersionUID = 1;

    private final int status;
    private final String code;
    private final String reason;

    Refused(int status, String code, String reason, String message) {
        super(message);
        this.status = status;
        this.code = code;
        this.reason = reason;
    }

    static Refused invalid(String reason, String message) {
        return new Refused(400, "ValidationException", reason, message);
    }

    static Refused missing(String snapshot) {
        return new Refused(
                404,
                "ResourceNotFoundException",
                "SNAPSHOT_NOT_FOUND",
                "The snapshot '" + snapshot + "' does not exist.");
    }

    /// Too many calls: EBS direct answers 400, and so do we.
    static Refused throttled(String service) {
        return switch (service) {
            case "ebs" ->
                new Refused(400, "RequestThrottledException", "RESOURCE_LEVEL_THROTTLE", "Request rate is too high.");
            case "lambda" -> new Refused(429, "TooManyRequestsException", "", "Rate Exceeded.");
            case "ec2" -> new Refused(503, "RequestLimitExceeded", "", "Request limit exceeded.");
            default -> new Refused(400, "ThrottlingException", "", "Rate exceeded");
        };
    }

    static Refused forbidden(String service, String action) {
        String message = "You are not authorized to perform: %s".formatted(action);
        return switch (service) {
            case "ec2" -> new Refused(403, "UnauthorizedOperation", "", message);
            case "ebs" -> new Refused(403, "AccessDeniedException", "UNAUTHORIZED_ACCOUNT", message);
            case "lambda" -> new Refused(403, "AccessDeniedException", "", message);
            case "cloudtrail", "ecs", "guardduty", "kms", "logs", "ssm" ->
                new Refused(400, "AccessDeniedException", "", message);
            default -> new Refused(403, "AccessDenied", "", message);
        };
    }

    static Refused broken(String service, int status) {
        return new Refused(status, service.equals("ebs") ? "InternalServerException" : "InternalError", "", "broken");
    }

    Response in(String service) {
        if (service.equals("ebs") || service.equals("lambda")) {
            var body = JSON.createObjectNode().put("Message", getMessage());
            if (!reason.isEmpty()) {
                body.put("Reason", reason);
            }
            return Response.json(status, body).with("x-amzn-ErrorType", code);
        }
        if (IN_JSON.contains(service)) {
            return Response.json(
                    status, JSON.createObjectNode().put("__type", code).put("message", getMessage()));
        }
        String error = switch (service) {
            case "ec2" ->
                "<Response><Errors><Error><Code>%s</Code><Message>%s</Message></Error></Errors><RequestID>r</RequestID></Response>";
            case "s3" -> "<Error><Code>%s</Code><Message>%s</Message><RequestId>r</RequestId></Error>";
            default ->
                "<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>r</RequestId></ErrorResponse>";
        };
        return Response.bytes(
                status, "text/xml", error.formatted(code, getMessage()).getBytes(StandardCharsets.UTF_8));
    }
}
