package io.varve.event;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Marks a component of type [EventTime] (or `Optional<EventTime>`) that puts the record on the timeline, and says what
/// the time means in plaso's vocabulary, e.g. `Content Modification Time`.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Time {
    String value();
}
