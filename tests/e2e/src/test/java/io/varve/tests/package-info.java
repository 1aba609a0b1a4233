/// End to end, through the real processes.
@NullMarked
package io.varve.tests;

import org.jspecify.annotations.NullMarked;
