@NullMarked
package io.varve.provider;

import org.jspecify.annotations.NullMarked;
