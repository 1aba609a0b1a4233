package io.varve.worker;

import io.varve.provider.Vendor;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The vendors this worker was built with.
@ApplicationScoped
public class Vendors {
    private final Map<String, Vendor> byName = ServiceLoader.load(Vendor.class).stream()
            .map(ServiceLoader.Provider::get)
            .collect(Collectors.toMap(Vendor::name, Function.identity()));

    Optional<Vendor> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }
}
