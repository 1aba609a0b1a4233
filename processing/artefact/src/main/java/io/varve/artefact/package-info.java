/// Parsers: one artefact, one file. No framework, no network, no database, no clock.
@NullMarked
package io.varve.artefact;

import org.jspecify.annotations.NullMarked;
