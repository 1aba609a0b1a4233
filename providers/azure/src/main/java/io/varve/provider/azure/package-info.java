/// Microsoft Azure: disks of virtual machines by snapshot, read page by page.
@NullMarked
package io.varve.provider.azure;

import org.jspecify.annotations.NullMarked;
