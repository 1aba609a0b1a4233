/// The timeline store on Lucene: one directory per evidence item and run.
@NullMarked
package io.varve.timeline.lucene;

import org.jspecify.annotations.NullMarked;
