/// The capture archive as it is written: a pax tar, docs/formats-capture.md.
@NullMarked
package io.varve.provider.collector.archive;

import org.jspecify.annotations.NullMarked;
