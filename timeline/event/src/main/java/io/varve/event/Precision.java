package io.varve.event;

/// How exact a stored time is: the smallest step the format can tell apart.
public enum Precision {
    NANOSECOND,
    HUNDRED_NANOSECONDS,
    MICROSECOND,
    MILLISECOND,
    SECOND,
    TWO_SECONDS,
    MINUTE,
    DAY,
    YEAR
}
