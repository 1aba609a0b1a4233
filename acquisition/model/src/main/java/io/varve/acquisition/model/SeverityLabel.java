package io.varve.acquisition.model;

/// Severity by name, for people; see [NormalisedAlert#severity] for the number.
public enum SeverityLabel {
    INFORMATIONAL,
    LOW,
    MEDIUM,
    HIGH,
    CRITICAL,
    UNKNOWN
}
