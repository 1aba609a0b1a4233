/// The capture archive as it is written: a pax tar in gzip members, one for each uploaded part.
@NullMarked
package io.varve.provider.endpoint.agent.archive;

import org.jspecify.annotations.NullMarked;
