package io.varve.acquisition;

import java.util.Locale;

/// Patterns of names: `*` stands for any text, `?` for one character; letter case does not matter.
final class Glob {
    private Glob() {}

    static boolean matches(String pattern, String text) {
        return matches(
                pattern.toLowerCase(Locale.ROOT).toCharArray(),
                text.toLowerCase(Locale.ROOT).toCharArray());
    }

    /// Goes back to the last star only, so the work is bounded by the product of both lengths.
    private static boolean matches(char[] pattern, char[] text) {
        int p = 0;
        int star = -1;
        int resume = 0;
        for (int t = 0; t < text.length; ) {
            if (p < pattern.length && pattern[p] == '*') {
                star = p++;
                resume = t;
            } else if (p < pattern.length && (pattern[p] == '?' || pattern[p] == text[t])) {
                p++;
                t++;
            } else if (star >= 0) {
                p = star + 1;
                t = ++resume;
            } else {
                return false;
            }
        }
        while (p < pattern.length && pattern[p] == '*') {
            p++;
        }
        return p == pattern.length;
    }
}
