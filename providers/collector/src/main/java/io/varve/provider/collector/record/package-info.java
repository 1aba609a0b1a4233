/// What a cloud logged of something that is captured, as it handed it out.
@NullMarked
package io.varve.provider.collector.record;

import org.jspecify.annotations.NullMarked;
