/// Assets.
@NullMarked
package io.varve.web.asset;

import org.jspecify.annotations.NullMarked;
