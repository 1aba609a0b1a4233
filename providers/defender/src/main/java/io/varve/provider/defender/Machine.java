package io.varve.provider.defender;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.Platform;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.TreeMap;

/// A machine as Defender lists it. Whether it is isolated is not said there.
///
/// @param health e.g. `Active`, `Inactive`, `NoSensorData`
/// @param facts further properties that custody records, as Microsoft names them
record Machine(
        String id,
        String name,
        Instant lastSeen,
        String health,
        String onboarding,
        String os,
        TreeMap<String, String> facts) {
    /// A full report comes about once a day.
    private static final Duration RECENT = Duration.ofHours(36);

    private static final int LONGEST_TEXT = 200;
    private static final String[] FACTS = {
        "osPlatform",
        "version",
        "osBuild",
        "osProcessor",
        "osArchitecture",
        "lastSeen",
        "lastIpAddress",
        "lastExternalIpAddress",
        "healthStatus",
        "onboardingStatus",
        "rbacGroupName",
        "aadDeviceId"
    };

    static Machine read(JsonNode json) throws ProviderException {
        String id = json.path("id").asText();
        if (!isId(id)) {
            throw new ProviderException(Kind.FAILED, "Microsoft answered with a machine without an id");
        }
        var facts = new TreeMap<String, String>();
        for (String name : FACTS) {
            String value = plain(json.path(name).asText(""));
            if (!value.isEmpty() && !value.equals("null")) {
                facts.put(name, value);
            }
        }
        return new Machine(
                id,
                plain(json.path("computerDnsName").asText("")),
                time(json.path("lastSeen").asText()),
                plain(json.path("healthStatus").asText("")),
                plain(json.path("onboardingStatus").asText("")),
                plain(json.path("osPlatform").asText("")),
                facts);
    }

    static boolean isId(String text) {
        return text.matches("[0-9a-fA-F]{40}");
    }

    Optional<Platform> platform() {
        return Platform.named(os);
    }

    /// Empty when what Microsoft says does not decide it.
    Optional<Boolean> online(Instant now) {
        return switch (health) {
            case "Active" -> lastSeen.isAfter(now.minus(RECENT)) ? Optional.of(true) : Optional.empty();
            case "Inactive", "NoSensorData", "NoSensorDataImpairedCommunication" -> Optional.of(false);
            default -> Optional.empty();
        };
    }

    /// For people who choose between several of one name.
    String inWords() {
        return "%s %s, last seen %s".formatted(name, id, lastSeen);
    }

    private static Instant time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }

    private static String plain(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.substring(0, Math.min(line.length(), LONGEST_TEXT));
    }
}
