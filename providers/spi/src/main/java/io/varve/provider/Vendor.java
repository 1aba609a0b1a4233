package io.varve.provider;

import java.util.List;
import java.util.Optional;

/// A vendor we are connected to: what its tenant allows, its alerts, and comments on them. Found by
/// [java.util.ServiceLoader]; runs in the worker only. Capturing through it is a [Provider] of the same name.
public interface Vendor {
    /// Stable name, e.g. `crowdstrike`; the vendor of an integration.
    String name();

    /// Looks at every right: present, missing, or broader than needed. Changes nothing at the
    /// vendor.
    ///
    /// @throws ProviderException when the tenant does not answer or does not know us
    List<Check> check(Connection connection) throws ProviderException, InterruptedException;

    /// Where the vendor's alerts are fetched from; empty when it only sends them.
    default Optional<AlertFeed> feed() {
        return Optional.empty();
    }

    /// Where comments are left; empty when it takes none.
    default Optional<Console> console() {
        return Optional.empty();
    }

    /// Where what can be captured is listed; empty when the vendor has no such list.
    default Optional<Inventory> inventory() {
        return Optional.empty();
    }
}
