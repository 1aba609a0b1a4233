/// The vendors an installation can be connected to.
@NullMarked
package io.varve.acquisition.integration;

import org.jspecify.annotations.NullMarked;
