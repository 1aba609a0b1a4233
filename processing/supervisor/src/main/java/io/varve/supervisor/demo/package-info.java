/// The demonstration: the main job on this very machine, through the public interface only.
@NullMarked
package io.varve.supervisor.demo;

import org.jspecify.annotations.NullMarked;
