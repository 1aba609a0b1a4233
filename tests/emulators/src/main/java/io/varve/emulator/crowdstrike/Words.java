package io.varve.emulator.crowdstrike;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A command string cut into words: spaces divide, quotes and triple backticks keep together, `-Name=value` and `-Name`
/// are options.
final class Words {
    private static final String RAW = "```";

    private final List<String> plain = new ArrayList<>();
    private final Map<String, String> options = new LinkedHashMap<>();
    private final int count;

    /// @throws Refused when a quote is not closed
    Words(String line) throws Refused {
        List<String> all = split(line);
        count = Math.max(0, all.size() - 1);
        for (String word : all) {
            if (word.startsWith("-") && !plain.isEmpty()) {
                int equals = word.indexOf('=');
                String name = equals < 0 ? word : word.substring(0, equals);
                options.put(name.substring(1).toLowerCase(Locale.ROOT), equals < 0 ? "" : word.substring(equals + 1));
            } else {
                plain.add(word);
            }
        }
    }

    /// @return how many words follow the first
    int count() {
        return count;
    }

    String first() {
        return plain.isEmpty() ? "" : plain.getFirst();
    }

    /// The words after the first that are no options.
    List<String> rest() {
        return plain.isEmpty() ? List.of() : plain.subList(1, plain.size());
    }

    Optional<String> option(String name) {
        return Optional.ofNullable(options.get(name.toLowerCase(Locale.ROOT)));
    }

    boolean anyOption() {
        return !options.isEmpty();
    }

    static List<String> split(String line) throws Refused {
        var words = new ArrayList<String>();
        var word = new StringBuilder();
        boolean inside = false;
        int at = 0;
        while (at < line.length()) {
            char c = line.charAt(at);
            if (line.startsWith(RAW, at)) {
                int end = closing(line, RAW, at + RAW.length());
                word.append(line, at + RAW.length(), end);
                at = end + RAW.length();
                inside = true;
            } else if (c == '"' || c == '\'') {
                at = quoted(line, at, word);
                inside = true;
            } else if (Character.isWhitespace(c)) {
                if (inside) {
                    words.add(word.toString());
                    word.setLength(0);
                }
                inside = false;
                at++;
            } else {
                word.append(c);
                inside = true;
                at++;
            }
        }
        if (inside) {
            words.add(word.toString());
        }
        return words;
    }

    private static int quoted(String line, int from, StringBuilder word) throws Refused {
        char quote = line.charAt(from);
        for (int at = from + 1; at < line.length(); at++) {
            char c = line.charAt(at);
            if (c == quote) {
                return at + 1;
            }
            if (c == '\\' && quote == '"' && at + 1 < line.length() && line.charAt(at + 1) == '"') {
                at++;
                c = '"';
            }
            word.append(c);
        }
        throw new Refused(400, 40006, "Command string has an open quote");
    }

    private static int closing(String line, String mark, int from) throws Refused {
        int end = line.indexOf(mark, from);
        if (end < 0) {
            throw new Refused(400, 40006, "Command string has an open quote");
        }
        return end;
    }
}
