package io.varve.provider.aws;

import io.varve.provider.Pages;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.FunctionConfiguration;
import software.amazon.awssdk.services.lambda.model.Layer;
import software.amazon.awssdk.services.lambda.model.ListVersionsByFunctionResponse;

/// The versions of a function, and what they name: their layers and log groups.
///
/// @param names `$LATEST`, then numbers
/// @param layers ARNs of layer versions
/// @param groups of CloudWatch Logs
/// @param lacking why there may be more of each
record FunctionVersions(
        List<String> names, Set<String> layers, Set<String> groups, Optional<ProviderException> lacking) {
    static final String LATEST = "$LATEST";

    private static final int MOST = 1_000;

    /// What Lambda is told to do where nothing else is: `/aws/lambda/NAME`.
    private static String usualGroup(String function) {
        return "/aws/lambda/" + function;
    }

    /// Where they cannot be listed, the latest alone.
    static FunctionVersions of(Place place, String function, Asking asking)
            throws ProviderException, InterruptedException {
        var names = new ArrayList<String>();
        Set<String> layers = new LinkedHashSet<>();
        Set<String> groups = new LinkedHashSet<>();
        groups.add(usualGroup(function));
        try (LambdaClient lambda = place.once(LambdaClient.builder()).build()) {
            Pages pages = Asking.pages("listing versions of " + function);
            String next = null;
            do {
                @Nullable String marker = next;
                ListVersionsByFunctionResponse page = asking.call(
                        "listing versions of " + function,
                        () -> lambda.listVersionsByFunction(
                                request -> request.functionName(function).marker(marker)));
                for (FunctionConfiguration version : page.versions()) {
                    if (names.size() == MOST) {
                        return new FunctionVersions(
                                names,
                                layers,
                                groups,
                                Optional.of(new ProviderException(
                                        Kind.REFUSED,
                                        "more than %d versions: those from %s on are left"
                                                .formatted(MOST, version.version()))));
                    }
                    names.add(version.version());
                    version.layers().stream().map(Layer::arn).forEach(layers::add);
                    Optional.ofNullable(version.loggingConfig())
                            .flatMap(logging -> Optional.ofNullable(logging.logGroup()))
                            .ifPresent(groups::add);
                }
                next = page.nextMarker();
            } while (pages.hasNext(next));
            return new FunctionVersions(names.isEmpty() ? List.of(LATEST) : names, layers, groups, Optional.empty());
        } catch (ProviderException e) {
            if (e.kind() != Kind.FORBIDDEN && e.kind() != Kind.REFUSED && e.kind() != Kind.NOT_FOUND) {
                throw e;
            }
            return new FunctionVersions(List.of(LATEST), layers, groups, Optional.of(e));
        }
    }
}
