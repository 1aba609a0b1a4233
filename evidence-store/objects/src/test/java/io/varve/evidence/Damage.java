package io.varve.evidence;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// Ways to tamper with a package as a whole: files removed, added, swapped, put in another order. Each is named.
final class Damage {
    private Damage() {}

    static Map<String, NavigableMap<String, byte[]>> of(SmallPackage whole) {
        var all = new LinkedHashMap<String, NavigableMap<String, byte[]>>();
        List<String> names = List.copyOf(whole.files().keySet());
        for (String name : names) {
            var without = copy(whole);
            without.remove(name);
            all.put("without " + name, without);
            var cut = copy(whole);
            byte[] bytes = whole.file(name);
            cut.put(name, Arrays.copyOf(bytes, bytes.length - 1));
            all.put("the last byte cut off " + name, cut);
            var longer = copy(whole);
            longer.put(name, Arrays.copyOf(bytes, bytes.length + 1));
            all.put("a byte added to " + name, longer);
        }
        List<String> entries =
                names.stream().filter(n -> n.startsWith("custody/")).toList();
        for (int i = 0; i < entries.size(); i++) {
            for (int j = i + 1; j < entries.size(); j++) {
                var swapped = copy(whole);
                swapped.put(entries.get(i), whole.file(entries.get(j)));
                swapped.put(entries.get(j), whole.file(entries.get(i)));
                all.put("%s and %s swapped".formatted(entries.get(i), entries.get(j)), swapped);
            }
            all.put("%s taken out and the rest moved up".formatted(entries.get(i)), closed(whole, entries, i));
            all.put("%s put at the end".formatted(entries.get(i)), movedToTheEnd(whole, entries, i));
        }
        List<String> checkpoints =
                names.stream().filter(n -> n.startsWith("checkpoints/")).toList();
        var rolledBack = copy(whole);
        for (String name : entries.subList(2, entries.size())) {
            rolledBack.remove(name);
        }
        rolledBack.remove(checkpoints.getLast());
        all.put("rolled back to when it was sealed", rolledBack);
        var added = copy(whole);
        added.put("custody/00000006.json", whole.file("custody/00000005.json"));
        all.put("an entry more", added);
        var stranger = copy(whole);
        stranger.put("notes.txt", new byte[] {1});
        all.put("a file more", stranger);
        return all;
    }

    private static NavigableMap<String, byte[]> closed(SmallPackage whole, List<String> entries, int gap) {
        var closed = copy(whole);
        for (int i = gap; i + 1 < entries.size(); i++) {
            closed.put(entries.get(i), whole.file(entries.get(i + 1)));
        }
        closed.remove(entries.getLast());
        return closed;
    }

    private static NavigableMap<String, byte[]> movedToTheEnd(SmallPackage whole, List<String> entries, int one) {
        if (one == entries.size() - 1) {
            return closed(whole, entries, one);
        }
        var order = new ArrayList<>(entries);
        order.add(order.remove(one));
        var moved = copy(whole);
        for (int i = 0; i < order.size(); i++) {
            moved.put(entries.get(i), whole.file(order.get(i)));
        }
        return moved;
    }

    private static NavigableMap<String, byte[]> copy(SmallPackage whole) {
        return new TreeMap<>(whole.files());
    }
}
