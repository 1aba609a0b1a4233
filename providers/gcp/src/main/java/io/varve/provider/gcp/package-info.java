/// Google Cloud: instances by snapshots of their disks, exported to a bucket and read from there in ranges.
@NullMarked
package io.varve.provider.gcp;

import org.jspecify.annotations.NullMarked;
