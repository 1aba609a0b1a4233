package io.varve.provider;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Alerts that a vendor keeps and we fetch. The caller stores a page's alerts and then its cursor: a page may come
/// twice, none is left out.
@FunctionalInterface
public interface AlertFeed {
    /// The next alerts that are new or changed, oldest first.
    ///
    /// @param cursor of the page before; empty the first time, which begins at `now` minus the
    /// `first_days` setting
    Page next(Connection connection, Optional<String> cursor, Instant now)
            throws ProviderException, InterruptedException;

    /// @param cursor where the next page begins; text of the feed's own, stored as it is
    /// @param more true when the next page is ready at once
    record Page(List<RawAlert> alerts, String cursor, boolean more) {}

    /// @param source name of the alert source that reads it, e.g. `crowdstrike`, `graph`
    /// @param body JSON as the vendor sent it: one alert
    record RawAlert(String source, byte[] body) {}
}
