/// The repositories over Hibernate: rows, queries, and nothing else.
///
/// Sessions are stateless: what a method writes is what is executed, at once and in order, and nothing is cached. So
/// database constraints speak where they are broken, and cheap updates stay cheap.
@NullMarked
package io.varve.database.stored;

import org.jspecify.annotations.NullMarked;
