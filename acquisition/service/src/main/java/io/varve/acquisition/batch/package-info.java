/// Many alerts read over stores that live in memory for the length of one transaction.
@NullMarked
package io.varve.acquisition.batch;

import org.jspecify.annotations.NullMarked;
