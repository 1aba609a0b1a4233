/// Vendors we are connected to.
@NullMarked
package io.varve.web.integration;

import org.jspecify.annotations.NullMarked;
