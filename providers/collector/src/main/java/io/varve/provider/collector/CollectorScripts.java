package io.varve.provider.collector;

import io.varve.evidence.Digest;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.profile.Profile;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Makes the collector of a profile for a platform.
public final class CollectorScripts {
    private static final Map<Key, CollectorScript> MADE = new ConcurrentHashMap<>();

    private record Key(Profile profile, Platform platform) {}

    private CollectorScripts() {}

    /// @throws ProviderException REFUSED when the profile asks for nothing on this platform
    public static CollectorScript of(Profile profile, Platform platform) throws ProviderException {
        Profile asked = profile.on(platform.text());
        if (asked.volatileState().isEmpty() && asked.artifacts().isEmpty()) {
            throw new ProviderException(
                    Kind.REFUSED, "profile %s asks for nothing on %s".formatted(profile.name(), platform.text()));
        }
        return MADE.computeIfAbsent(new Key(asked, platform), CollectorScripts::make);
    }

    private static CollectorScript make(Key key) {
        String text = switch (key.platform()) {
            case LINUX, MACOS -> PosixCollector.text(key.profile(), key.platform());
            case WINDOWS -> PowerShellCollector.text(key.profile());
        };
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        Digest sha256 = Digest.of(content);
        String suffix = key.platform() == Platform.WINDOWS ? "ps1" : "sh";
        String fileName = "varve-collect-%s.%s".formatted(sha256.hex().substring(0, 12), suffix);
        return new CollectorScript(key.platform(), key.profile().name(), fileName, content, sha256);
    }
}
