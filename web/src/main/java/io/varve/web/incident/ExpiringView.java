package io.varve.web.incident;

import io.varve.acquisition.expiry.Expiring;
import io.varve.acquisition.model.Asset;
import io.varve.acquisition.model.CaptureId;
import io.varve.web.Named;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Something of an asset that will be lost, as clients see it.
///
/// @param what and `ends` are for people
/// @param profiles of captures that take it; none when Varve does not
public record ExpiringView(
        Named asset,
        String kind,
        String what,
        String ends,
        Optional<Instant> until,
        Expiring.State state,
        List<String> profiles,
        Optional<String> capture) {
    static ExpiringView of(Asset asset, Expiring expiring) {
        return new ExpiringView(
                Named.of(asset),
                expiring.what().name().toLowerCase(Locale.ROOT),
                expiring.what().words(),
                expiring.what().ends(),
                expiring.until(),
                expiring.state(),
                expiring.profiles(),
                expiring.capture().map(CaptureId::toString));
    }
}
