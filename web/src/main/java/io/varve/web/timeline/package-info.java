/// Search over the events of all evidence.
@NullMarked
package io.varve.web.timeline;

import org.jspecify.annotations.NullMarked;
