package io.varve.database;

import io.varve.acquisition.model.Organisation;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// The local users.
public interface Users {
    /// Inserts the user when the organisation has none yet; false when it has. Two servers starting together make one.
    boolean insertFirst(User user);

    void insert(User user);

    Optional<User> find(UUID id);

    Optional<User> named(Organisation organisation, String name);

    List<User> all(Organisation organisation);

    /// Replaces the password's hash and ends all sessions of the user.
    void password(UUID user, String hash);
}
