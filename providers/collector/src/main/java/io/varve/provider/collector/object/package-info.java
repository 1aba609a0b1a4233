/// Objects below a prefix of a bucket, as evidence.
@NullMarked
package io.varve.provider.collector.object;

import org.jspecify.annotations.NullMarked;
