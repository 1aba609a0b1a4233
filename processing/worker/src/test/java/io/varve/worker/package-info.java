@NullMarked
package io.varve.worker;

import org.jspecify.annotations.NullMarked;
