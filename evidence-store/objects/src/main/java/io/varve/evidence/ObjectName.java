package io.varve.evidence;

import java.util.regex.Pattern;

/// What an object may be called, the same in every store.
public final class ObjectName {
    private static final int LONGEST = 900;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");

    private ObjectName() {}

    /// @throws IllegalArgumentException when it is none
    public static String require(String name) {
        if (name.length() > LONGEST || !NAME.matcher(name).matches() || name.contains("..")) {
            throw new IllegalArgumentException("not an object name: " + name);
        }
        return name;
    }
}
