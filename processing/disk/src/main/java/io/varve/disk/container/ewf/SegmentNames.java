package io.varve.disk.container.ewf;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The names of an image's segment files: `E01` to `E99`, `EAA` to `EZZ`, `FAA` to `ZZZ`; `Ex01` to `Ex99`, `ExAA` to
/// `EzZZ`; in the case of the first.
record SegmentNames(String stem, char letter, String second) {
    private static final Pattern FIRST = Pattern.compile("(.*\\.)([A-Za-z])([xX]?)01", Pattern.DOTALL);
    private static final int LETTERS = 26;

    /// Empty when the first segment has another kind of name: then no further ones can be found.
    static Optional<SegmentNames> of(String first) {
        Matcher matcher = FIRST.matcher(first);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(new SegmentNames(matcher.group(1), matcher.group(2).charAt(0), matcher.group(3)));
    }

    /// Empty when the naming has no more names.
    Optional<String> name(int number) {
        if (number < 100) {
            return Optional.of("%s%c%s%02d".formatted(stem, letter, second, number));
        }
        int index = number - 100;
        int carry = index / (LETTERS * LETTERS);
        String last = new String(new char[] {(char) ('A' + index / LETTERS % LETTERS), (char) ('A' + index % LETTERS)});
        char changing = (char) ((second.isEmpty() ? letter : second.charAt(0)) + carry);
        char end = Character.isUpperCase(second.isEmpty() ? letter : second.charAt(0)) ? 'Z' : 'z';
        if (changing > end) {
            return Optional.empty();
        }
        String letters = Character.isUpperCase(letter) ? last : last.toLowerCase(Locale.ROOT);
        return Optional.of(stem + (second.isEmpty() ? changing + letters : "" + letter + changing + letters));
    }
}
