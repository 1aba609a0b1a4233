package io.varve.provider.gcp;

import com.google.cloud.compute.v1.Errors;
import com.google.cloud.compute.v1.GlobalOperationsClient;
import com.google.cloud.compute.v1.Operation;
import com.google.cloud.compute.v1.ZoneOperationsClient;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.util.Set;
import java.util.stream.Collectors;

/// Operations of Compute Engine, looked at until they are done.
final class Operations {
    private static final Set<String> PASSING =
            Set.of("RESOURCE_OPERATION_RATE_EXCEEDED", "INTERNAL_ERROR", "BACKEND_ERROR", "RESOURCE_NOT_READY");

    private final Cloud cloud;
    private final Patience patience;
    private final ZoneOperationsClient zonal;
    private final GlobalOperationsClient global;

    Operations(Cloud cloud, Patience patience) throws ProviderException {
        this.cloud = cloud;
        this.patience = patience;
        this.zonal = cloud.zoneOperations();
        this.global = cloud.globalOperations();
    }

    /// Returns when it is done.
    ///
    /// @param what for messages, e.g. `making the image varve-1`
    /// @throws ProviderException when it failed, in Google's words
    void await(String project, Operation started, String what) throws ProviderException, InterruptedException {
        Operation now = started;
        while (now.getStatus() != Operation.Status.DONE) {
            patience.pass(what);
            now = look(project, now, what);
        }
        if (now.hasError()) {
            String text = now.getError().getErrorsList().stream()
                    .map(error -> "%s (%s)".formatted(error.getMessage(), error.getCode()))
                    .collect(Collectors.joining("; "));
            boolean passing =
                    now.getError().getErrorsList().stream().map(Errors::getCode).anyMatch(PASSING::contains);
            throw new ProviderException(passing ? Kind.FAILED : Kind.REFUSED, what + ": " + text);
        }
    }

    private Operation look(String project, Operation operation, String what)
            throws ProviderException, InterruptedException {
        String zone = operation.getZone();
        return cloud.calls()
                .of(
                        what,
                        () -> zone.isEmpty()
                                ? global.get(project, operation.getName())
                                : zonal.get(project, zone.substring(zone.lastIndexOf('/') + 1), operation.getName()));
    }
}
