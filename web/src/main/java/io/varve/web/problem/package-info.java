/// Errors as clients see them: problem+json with a stable code.
@NullMarked
package io.varve.web.problem;

import org.jspecify.annotations.NullMarked;
