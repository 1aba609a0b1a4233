package io.varve.acquisition.source;

import io.varve.acquisition.model.SeverityLabel;
import java.util.Locale;
import java.util.Optional;

/// How bad a source says an alert is: 0 to 100 and its name.
record Severity(int number, SeverityLabel label) {
    /// What a source that states none gets: in the middle, and named unknown.
    static final Severity UNKNOWN = new Severity(50, SeverityLabel.UNKNOWN);

    private static final Severity LOW = new Severity(30, SeverityLabel.LOW);

    static Severity of(double number) {
        int whole = (int) Math.round(Math.clamp(number, 0, 100));
        return new Severity(whole, label(whole));
    }

    /// A point inside the band of a named severity.
    ///
    /// @param score 0 to 100, where in the band
    static Severity in(SeverityLabel label, double score) {
        int start = bandStart(label);
        int width = label == SeverityLabel.CRITICAL ? 20 : 19;
        return new Severity(start + (int) Math.round(Math.clamp(score, 0, 100) / 100 * width), label);
    }

    static Optional<Severity> named(String name) {
        return switch (name.strip().toLowerCase(Locale.ROOT)) {
            case "informational", "information", "info" -> Optional.of(new Severity(10, SeverityLabel.INFORMATIONAL));
            case "low" -> Optional.of(new Severity(30, SeverityLabel.LOW));
            case "medium", "moderate", "warning" -> Optional.of(new Severity(50, SeverityLabel.MEDIUM));
            case "high" -> Optional.of(new Severity(80, SeverityLabel.HIGH));
            case "critical", "fatal", "severe" -> Optional.of(new Severity(95, SeverityLabel.CRITICAL));
            default -> Optional.empty();
        };
    }

    /// What is no detection is never worse than low, whatever its source calls it.
    Severity atMostLow() {
        return number > LOW.number ? LOW : this;
    }

    private static SeverityLabel label(int number) {
        if (number < 20) {
            return SeverityLabel.INFORMATIONAL;
        }
        if (number < 40) {
            return SeverityLabel.LOW;
        }
        if (number < 60) {
            return SeverityLabel.MEDIUM;
        }
        return number < 80 ? SeverityLabel.HIGH : SeverityLabel.CRITICAL;
    }

    private static int bandStart(SeverityLabel label) {
        return switch (label) {
            case INFORMATIONAL -> 0;
            case LOW -> 20;
            case MEDIUM, UNKNOWN -> 40;
            case HIGH -> 60;
            case CRITICAL -> 80;
        };
    }
}
