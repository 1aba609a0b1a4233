package io.varve.acquisition.model;

import java.util.regex.Pattern;

/// The tenant everything belongs to; part of every table, object prefix and index.
public record Organisation(String value) {
    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    /// The organisation of a fresh installation.
    public static final Organisation DEFAULT = new Organisation("main");

    public Organisation {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not an organisation: " + value);
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
