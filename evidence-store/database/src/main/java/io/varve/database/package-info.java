/// What Varve keeps in PostgreSQL: plain records, and the repositories that find and save them.
///
/// The repositories are CDI beans; every method runs in the caller's transaction, or in one of its own when there is
/// none.
/// Those of `io.varve.acquisition.model` are implemented here too.
@NullMarked
package io.varve.database;

import org.jspecify.annotations.NullMarked;
