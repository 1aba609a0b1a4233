/// The collector over an agent that runs commands and brings back a few kilobytes at most: files go through a place in
/// object storage, by addresses that are good for one of them and for minutes.
@NullMarked
package io.varve.provider.collector.relay;

import org.jspecify.annotations.NullMarked;
