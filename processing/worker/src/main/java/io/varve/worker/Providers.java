package io.varve.worker;

import io.varve.provider.Provider;
import io.varve.provider.ProviderException;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The providers this worker was built with.
@ApplicationScoped
public class Providers {
    private final Map<String, Provider> byName = ServiceLoader.load(Provider.class).stream()
            .map(ServiceLoader.Provider::get)
            .collect(Collectors.toMap(Provider::name, Function.identity()));

    Provider named(String name) throws ProviderException {
        return Optional.ofNullable(byName.get(name))
                .orElseThrow(() -> new ProviderException(
                        ProviderException.Kind.REFUSED, "this installation has no provider named " + name));
    }
}
