/// Rules.
@NullMarked
package io.varve.web.rule;

import org.jspecify.annotations.NullMarked;
