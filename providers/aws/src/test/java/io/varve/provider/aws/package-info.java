@NullMarked
package io.varve.provider.aws;

import org.jspecify.annotations.NullMarked;
