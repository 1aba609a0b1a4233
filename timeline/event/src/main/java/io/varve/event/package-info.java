/// The timeline event: the one schema that parsers write and everything else reads.
@NullMarked
package io.varve.event;

import org.jspecify.annotations.NullMarked;
