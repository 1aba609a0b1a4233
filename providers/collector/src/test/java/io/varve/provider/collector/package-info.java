/// Tests of the collector and of what follows it.
@org.jspecify.annotations.NullMarked
package io.varve.provider.collector;
