package io.varve.emulator.azure;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// The signed addresses that were given out, one at a time for each snapshot.
final class Access {
    private final Clock clock;
    private final Supplier<URI> base;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Signed> byPath = new ConcurrentHashMap<>();

    Access(Clock clock, Supplier<URI> base) {
        this.clock = clock;
        this.base = base;
    }

    /// @param snapshot resource id
    record Signed(String snapshot, String path, String signature, Instant until) {}

    /// @return the address
    String give(String snapshot, Duration time) {
        String path = "/md-%s/%s/abcd".formatted(hex(6), hex(6));
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        String signature = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        var signed =
                new Signed(snapshot, path, signature, clock.instant().plus(time).truncatedTo(ChronoUnit.SECONDS));
        byPath.put(path, signed);
        return "%s%s?sv=2018-03-28&sr=b&sk=system-1&sp=r&se=%s&sig=%s"
                .formatted(base.get(), path, signed.until().toString().replace(":", "%3A"), signature);
    }

    private String hex(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    void end(String snapshot) {
        byPath.values().removeIf(signed -> isOf(signed, snapshot));
    }

    /// One that is over counts until it is ended.
    boolean isActive(String snapshot) {
        return byPath.values().stream().anyMatch(signed -> isOf(signed, snapshot));
    }

    /// Every address given until now is refused from now on.
    void endAll() {
        byPath.clear();
    }

    private static boolean isOf(Signed signed, String snapshot) {
        return Estate.key(signed.snapshot()).equals(Estate.key(snapshot));
    }

    Optional<Signed> valid(String path, String signature) {
        return Optional.ofNullable(byPath.get(path))
                .filter(signed -> signed.signature().equals(signature))
                .filter(signed -> clock.instant().isBefore(signed.until()));
    }
}
