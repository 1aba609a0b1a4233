package io.varve.database.stored;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
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
}
