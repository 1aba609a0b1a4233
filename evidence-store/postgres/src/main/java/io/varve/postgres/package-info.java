/// PostgreSQL started by Varve on this machine, for installations that bring none of their own.
@NullMarked
package io.varve.postgres;

import org.jspecify.annotations.NullMarked;
