package io.varve.database.stored;

import io.varve.acquisition.model.AssetId;
import io.varve.acquisition.model.Incident;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

@Entity
@Table(name = "incident_asset")
@SuppressWarnings("NullAway.Init")
class IncidentAssetRow {
    @Id
    UUID id;

    UUID incident;
    UUID asset;
    String organisation;
    int position;

    static List<IncidentAssetRow> of(Incident incident) {
        var rows = new ArrayList<IncidentAssetRow>();
        for (AssetId asset : incident.assets()) {
            IncidentAssetRow row = new IncidentAssetRow();
            row.id = UUID.randomUUID();
            row.incident = incident.id().value();
            row.asset = asset.value();
            row.organisation = incident.organisation().value();
            row.position = rows.size();
            rows.add(row);
        }
        return rows;
    }
}
