package io.varve.database;

/// Locks that every process of the installation sees.
public interface Locks {
    /// Waits until nobody else holds this name, and holds it until the caller's transaction ends.
    void transaction(String name);
}
