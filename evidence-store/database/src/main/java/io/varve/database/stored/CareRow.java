package io.varve.database.stored;

import io.varve.database.Care.Hold;
import io.varve.database.Care.Kept;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

@Entity
@Table(name = "evidence_care")
@SuppressWarnings("NullAway.Init")
class CareRow {
    static final Kept NOTHING =
            new Kept(Optional.empty(), Optional.empty(), 0, List.of(), Optional.empty(), Optional.empty());

    @Id
    String evidence;

    String organisation;

    @Nullable
    String heldBy;

    @Nullable
    Instant heldAt;

    @Nullable
    String holdReason;

    @Nullable
    Instant retainUntil;

    int part;

    @Column(columnDefinition = "jsonb")
    String badParts;

    @Nullable
    Instant checkedAt;

    @Nullable
    String problem;

    @Nullable
    Instant purgedAt;

    Kept kept() {
        Optional<Hold> hold = Optional.ofNullable(heldAt)
                .map(at -> new Hold(
                        Objects.requireNonNullElse(heldBy, ""), at, Objects.requireNonNullElse(holdReason, "")));
        return new Kept(
                hold,
                Optional.ofNullable(retainUntil),
                part,
                Json.texts(badParts),
                Optional.ofNullable(checkedAt),
                Optional.ofNullable(problem));
    }
}
