/// The engine as a worker's child: frames on pipes instead of files.
@NullMarked
package io.varve.engine.child;

import org.jspecify.annotations.NullMarked;
