/// The engine: the command line, and the sandboxed process that parses one evidence item for a worker.
@NullMarked
package io.varve.engine;

import org.jspecify.annotations.NullMarked;
