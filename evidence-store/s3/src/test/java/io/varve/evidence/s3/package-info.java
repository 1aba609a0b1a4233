@NullMarked
package io.varve.evidence.s3;

import org.jspecify.annotations.NullMarked;
