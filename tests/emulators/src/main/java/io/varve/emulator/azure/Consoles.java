package io.varve.emulator.azure;

import io.varve.emulator.kit.Call;
import io.varve.emulator.kit.Response;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/// Logs of serial consoles, behind addresses that are signed for some minutes.
final class Consoles {
    private static final String FOLDER = "/bootdiagnostics-";
    private static final Duration VALID = Duration.ofMinutes(15);

    private final Clock clock;
    private final Supplier<URI> base;
    private final Map<String, Signed> byPath = new ConcurrentHashMap<>();

    Consoles(Clock clock, Supplier<URI> base) {
        this.clock = clock;
        this.base = base;
    }

    private record Signed(String signature, Instant until, String log) {}

    /// @return the address
    String give(Machine machine, String log) {
        String path = "%s%s/%s.serialconsole.log".formatted(FOLDER, UUID.randomUUID(), machine.name());
        String signature = UUID.randomUUID().toString();
        byPath.put(path, new Signed(signature, clock.instant().plus(VALID), log));
        return "%s%s?sv=2018-03-28&sr=b&sp=r&sig=%s".formatted(base.get(), path, signature);
    }

    static boolean isFor(Call call) {
        return call.path().startsWith(FOLDER);
    }

    Response answer(Call call) {
        return Optional.ofNullable(byPath.get(call.path()))
                .filter(signed -> call.query("sig").equals(Optional.of(signed.signature())))
                .filter(signed -> clock.instant().isBefore(signed.until()))
                .map(signed -> Response.text(200, signed.log()))
                .orElseGet(() -> new Refusal(403, "AuthenticationFailed", "The signature is not good.").xml());
    }
}
