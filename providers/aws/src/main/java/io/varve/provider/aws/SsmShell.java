package io.varve.provider.aws;

import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.Waiting;
import io.varve.provider.collector.Platform;
import io.varve.provider.collector.relay.HostScript;
import io.varve.provider.collector.relay.HostShell;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.GetCommandInvocationResponse;

/// Run Command of AWS Systems Manager: AWS's own documents for shell and PowerShell, on one instance.
///
/// SSM has no token that makes a command run once: ours may be run again.
final class SsmShell implements HostShell {
    private static final Duration TRY_AGAIN = Duration.ofMinutes(1);
    /// How long the agent has to fetch a command; 30 is the least SSM takes.
    private static final int DELIVERY_SECONDS = 60;
    private static final int LONGEST_RUN_SECONDS = 900;
    /// A command is not found for a moment after it was sent.
    private static final int MOST_UNKNOWN = 10;

    private final Place place;
    private final String instance;
    private final Platform platform;
    private final CaptureContext context;
    private final Waiting waiting;

    SsmShell(Place place, String instance, Platform platform, CaptureContext context, Waiting waiting) {
        this.place = place;
        this.instance = instance;
        this.platform = platform;
        this.context = context;
        this.waiting = waiting;
    }

    @Override
    public Ran run(HostScript script) throws ProviderException, InterruptedException {
        try (SsmClient ssm = place.ssm()) {
            String command = ssm.sendCommand(request -> request.instanceIds(instance)
                            .documentName(
                                    platform == Platform.WINDOWS ? "AWS-RunPowerShellScript" : "AWS-RunShellScript")
                            .comment("Varve capture " + context.capture())
                            .timeoutSeconds(DELIVERY_SECONDS)
                            .parameters(Map.of(
                                    "commands",
                                    List.of(script.whole()),
                                    "executionTimeout",
                                    List.of(Integer.toString(LONGEST_RUN_SECONDS)))))
                    .command()
                    .commandId();
            return ended(ssm, command);
        } catch (SdkException e) {
            throw Errors.of("running a command on %s over SSM".formatted(instance), e);
        }
    }

    private Ran ended(SsmClient ssm, String command) throws ProviderException, InterruptedException {
        int unknown = 0;
        while (true) {
            Optional<GetCommandInvocationResponse> found = invocation(ssm, command);
            if (found.isEmpty() && ++unknown > MOST_UNKNOWN) {
                throw new ProviderException(
                        Kind.FAILED, "SSM does not know its command " + command, Optional.of(TRY_AGAIN));
            }
            if (found.isPresent()) {
                GetCommandInvocationResponse now = found.get();
                switch (now.status()) {
                    case SUCCESS, FAILED -> {
                        return ran(command, now);
                    }
                    case PENDING, IN_PROGRESS, DELAYED, CANCELLING -> {}
                    default -> throw refused(command, now);
                }
            }
            if (context.cancelled()) {
                ssm.cancelCommand(request -> request.commandId(command));
                throw new ProviderException(Kind.CANCELLED, "cancelled");
            }
            waiting.pass(SsmHosts.POLL);
        }
    }

    private Optional<GetCommandInvocationResponse> invocation(SsmClient ssm, String command) {
        try {
            return Optional.of(ssm.getCommandInvocation(
                    request -> request.commandId(command).instanceId(instance)));
        } catch (AwsServiceException e) {
            if (Errors.code(e).equals("InvocationDoesNotExist")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private Ran ran(String command, GetCommandInvocationResponse now) throws ProviderException {
        // a document that failed before it ran anything has no exit code
        if (now.responseCode() != null && now.responseCode() < 0) {
            throw refused(command, now);
        }
        return new Ran(
                Optional.ofNullable(now.standardOutputContent()).orElse(""),
                Optional.ofNullable(now.standardErrorContent()).orElse(""),
                command);
    }

    private ProviderException refused(String command, GetCommandInvocationResponse now) {
        String details = Optional.ofNullable(now.statusDetails()).orElse(now.statusAsString());
        String text = "SSM did not run command %s on %s: %s".formatted(command, instance, details);
        return switch (details) {
            case "Delivery Timed Out", "DeliveryTimedOut", "Undeliverable" ->
                new ProviderException(Kind.OFFLINE, text, Optional.of(TRY_AGAIN));
            case "Access Denied", "AccessDenied" -> new ProviderException(Kind.FORBIDDEN, text);
            default -> new ProviderException(Kind.FAILED, text, Optional.of(TRY_AGAIN));
        };
    }
}
