package io.varve.database;

import io.varve.acquisition.model.Organisation;
import java.time.Instant;
import java.util.UUID;

/// Somebody who signs in with a password.
///
/// @param password salted hash, never the password
public record User(
        UUID id, Organisation organisation, String name, String password, boolean admin, Instant createdAt) {}
