/// Amazon Web Services: instances by snapshots of their volumes, read block by block where they are.
@NullMarked
package io.varve.provider.aws;

import org.jspecify.annotations.NullMarked;
