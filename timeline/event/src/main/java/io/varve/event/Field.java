package io.varve.event;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Names the event field a component becomes: an ECS name where one exists, e.g. `process.command_line`.
///
/// Allowed component types: String, boolean, int, long, double, [java.time.Instant], a `List` or `Optional` of these.
/// An empty Optional, an empty list and an empty string are left out of the event.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Field {
    String value();
}
