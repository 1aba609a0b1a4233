package io.varve.provider.collector.profile;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The profiles that come with Varve, read once.
public final class Profiles {
    private static final List<String> NAMES = List.of("triage", "logs", "volatile");
    private static final Map<String, Profile> PROFILES = load();

    private Profiles() {}

    public static List<Profile> all() {
        return List.copyOf(PROFILES.values());
    }

    public static Optional<Profile> named(String name) {
        return Optional.ofNullable(PROFILES.get(name));
    }

    private static Map<String, Profile> load() {
        var mapper = YAMLMapper.builder()
                .addModule(new JavaTimeModule())
                .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                .enable(com.fasterxml.jackson.databind.MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .build();
        var profiles = new LinkedHashMap<String, Profile>();
        for (String name : NAMES) {
            try (InputStream yaml = Profiles.class.getResourceAsStream("/profiles/" + name + ".yaml")) {
                if (yaml == null) {
                    throw new IllegalStateException("profile " + name + " is missing from the build");
                }
                profiles.put(name, mapper.readValue(yaml, Profile.class));
            } catch (IOException e) {
                throw new UncheckedIOException("profile " + name, e);
            }
        }
        return profiles;
    }
}
