@NullMarked
package io.varve.provider.crowdstrike;

import org.jspecify.annotations.NullMarked;
