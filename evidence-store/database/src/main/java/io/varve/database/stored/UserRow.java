package io.varve.database.stored;

import io.varve.acquisition.model.Organisation;
import io.varve.database.User;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;

@Entity
@Table(name = "local_user")
@SuppressWarnings("NullAway.Init")
class UserRow {
    @Id
    UUID id;

    String organisation;
    String name;
    String password;
    boolean admin;
    Instant createdAt;

    static UserRow of(User user) {
        UserRow row = new UserRow();
        row.id = user.id();
        row.organisation = user.organisation().value();
        row.name = user.name();
        row.password = user.password();
        row.admin = user.admin();
        row.createdAt = user.createdAt();
        return row;
    }

    User user() {
        return new User(id, new Organisation(organisation), name, password, admin, createdAt);
    }
}
