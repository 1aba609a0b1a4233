@NullMarked
package io.varve.provider.defender;

import org.jspecify.annotations.NullMarked;
