@NullMarked
package io.varve.evidence.gcs;

import org.jspecify.annotations.NullMarked;
