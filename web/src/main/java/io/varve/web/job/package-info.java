/// Jobs.
@NullMarked
package io.varve.web.job;

import org.jspecify.annotations.NullMarked;
