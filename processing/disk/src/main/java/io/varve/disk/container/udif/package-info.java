/// Apple disk images.
@NullMarked
package io.varve.disk.container.udif;

import org.jspecify.annotations.NullMarked;
