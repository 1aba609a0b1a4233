package io.varve.acquisition.model;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Many alerts read at once: all that is known about them in a few questions, all that came of them in a few writes.
/// One by one they would need two dozen questions each, and a storm would wait for the way to the database.
///
/// Everything happens inside one transaction of the caller, one caller per organisation at a time.
public interface AlertBatches {
    /// The raw bodies of kept alerts: of as many from the first on as come to `most` bytes.
    Map<AlertId, byte[]> raws(List<AlertId> alerts, long most);

    Known known(Organisation organisation, Question question);

    /// Inserts or replaces; the decisions are about alerts that had none.
    void save(Organisation organisation, Result result);

    /// An alert as its source knows it.
    record Identity(String source, String sourceAlertId) {}

    /// An asset's identifier without its times.
    record Name(Asset.Kind kind, String value) {}

    /// @param from earliest time an incident that is asked for may end
    /// @param to latest time it may begin
    record Question(Set<Identity> alerts, Set<Name> names, Instant from, Instant to) {}

    /// @param alerts those kept under these identities, repeats left out
    /// @param assets those that carry one of the names, merged ones left out
    /// @param incidents the open ones of each of these assets in the time asked for
    /// @param captures of each of these assets, as [Captures#ofAsset] answers them
    record Known(
            Map<Identity, Alert> alerts,
            List<Asset> assets,
            Map<AssetId, List<Incident>> incidents,
            Map<AssetId, List<Capture>> captures) {}

    record Result(
            Collection<Asset> assets,
            Collection<Incident> incidents,
            Collection<Alert> alerts,
            Collection<Decision> decisions) {
        public boolean isEmpty() {
            return assets.isEmpty() && incidents.isEmpty() && alerts.isEmpty() && decisions.isEmpty();
        }
    }
}
