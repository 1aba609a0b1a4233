package io.varve.provider.collector;

import io.varve.evidence.Digest;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the collector on the host says of itself: the answer to its verb `state`.
///
/// The host may be in an attacker's hands, so this is text like any other from there: bounded, and only of this form.
/// What stands before the first and behind the last line of it is the vendor's.
/// ```
/// varve-collector 1
/// state running|done|failed|absent what it is doing, or why it failed
/// bytes 123456
/// parts 7
/// part 6 4194304 <sha256>
/// part 7 1033 <sha256>
/// end
/// ```
///
/// @param bytes in all finished parts
/// @param parts how many parts are finished; `listed` holds those that were asked for
public record CollectorState(State state, String text, long bytes, int parts, List<Part> listed) {
    /// Most parts of one collection.
    public static final int MOST_PARTS = 100_000;

    private static final String FIRST = "varve-collector 1";
    private static final int LONGEST_TEXT = 500;
    private static final Pattern PART = Pattern.compile("part (\\d{1,6}) (\\d{1,18}) ([0-9a-fA-F]{64})");

    public enum State {
        /// No such collection on the host.
        ABSENT,
        RUNNING,
        DONE,
        FAILED
    }

    public record Part(int number, long size, Digest sha256) {}

    public static CollectorState read(String output) throws ProviderException {
        State state = null;
        String text = "";
        long bytes = 0;
        int parts = 0;
        var listed = new ArrayList<Part>();
        boolean begun = false;
        for (String raw : output.lines().limit(MOST_PARTS).toList()) {
            String line = raw.strip();
            if (line.equals(FIRST)) {
                begun = true;
            } else if (begun && line.equals("end")) {
                if (state == null) {
                    throw unreadable(output);
                }
                return new CollectorState(state, text, bytes, parts, List.copyOf(listed));
            } else if (begun && line.startsWith("state ")) {
                String[] words = line.split(" ", 3);
                state = state(words[1], output);
                text = words.length < 3 ? "" : words[2].substring(0, Math.min(words[2].length(), LONGEST_TEXT));
            } else if (begun && line.startsWith("bytes ")) {
                bytes = number(line, output);
            } else if (begun && line.startsWith("parts ")) {
                parts = Math.toIntExact(Math.min(number(line, output), MOST_PARTS));
            } else if (begun && line.startsWith("part ")) {
                listed.add(part(line, output));
            }
        }
        throw unreadable(output);
    }

    private static Part part(String line, String output) throws ProviderException {
        Matcher part = PART.matcher(line);
        if (!part.matches()) {
            throw unreadable(output);
        }
        return new Part(
                Integer.parseInt(part.group(1)),
                Long.parseLong(part.group(2)),
                new Digest(part.group(3).toLowerCase(java.util.Locale.ROOT)));
    }

    private static State state(String word, String output) throws ProviderException {
        for (State state : State.values()) {
            if (state.name().toLowerCase(java.util.Locale.ROOT).equals(word)) {
                return state;
            }
        }
        throw unreadable(output);
    }

    private static long number(String line, String output) throws ProviderException {
        String digits = line.substring(line.indexOf(' ') + 1);
        if (!digits.matches("\\d{1,18}")) {
            throw unreadable(output);
        }
        return Long.parseLong(digits);
    }

    private static ProviderException unreadable(String output) {
        String start = output.strip().replaceAll("[^\\x20-\\x7e]+", " ");
        return new ProviderException(
                Kind.FAILED,
                "the collector's answer cannot be read: "
                        + (start.isEmpty() ? "it is empty" : start.substring(0, Math.min(start.length(), 300))));
    }
}
