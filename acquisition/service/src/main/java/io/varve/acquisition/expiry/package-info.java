/// What of an asset will be lost, and by when.
@NullMarked
package io.varve.acquisition.expiry;

import org.jspecify.annotations.NullMarked;
