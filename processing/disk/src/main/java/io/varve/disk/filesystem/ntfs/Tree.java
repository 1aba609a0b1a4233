package io.varve.disk.filesystem.ntfs;

import io.varve.disk.Problems;
import java.util.OptionalLong;

/// Which names are in which folder. A name is in its parent when the parent is a folder and its sequence number is
/// right; the others belong to orphans. Every folder has one place, and no folder lies in itself.
final class Tree {
    /// Deepest folder; paths of Windows have at most 32,767 characters.
    private static final int DEEPEST = 4_096;

    private static final int UNKNOWN = 0;
    private static final int ABOVE = 1;
    private static final int PLACED = 2;

    private final Catalogue catalogue;
    private final Problems problems;
    private final int[] starts;
    private final int[] children;

    Tree(Catalogue catalogue, Problems problems) {
        this.catalogue = catalogue;
        this.problems = problems;
        checkParents();
        placeFolders();
        this.starts = new int[Math.max(catalogue.records(), Catalogue.ROOT + 1) + 1];
        for (int name = 0; name < catalogue.names(); name++) {
            if (catalogue.parent(name) != Catalogue.NONE) {
                starts[catalogue.parent(name) + 1]++;
            }
        }
        for (int i = 1; i < starts.length; i++) {
            starts[i] += starts[i - 1];
        }
        this.children = new int[starts[starts.length - 1]];
        fill();
    }

    private void checkParents() {
        for (int name = 0; name < catalogue.names(); name++) {
            int parent = catalogue.parent(name);
            boolean folder = catalogue.is(parent, Catalogue.BASE | Catalogue.DIRECTORY);
            boolean lostRoot = parent == Catalogue.ROOT && !catalogue.is(parent, Catalogue.PRESENT);
            if (!lostRoot
                    && !(folder
                            && catalogue.isSequence(
                                    parent, Label.parentSequence(catalogue.pool, catalogue.label(name))))) {
                catalogue.parent(name, Catalogue.NONE);
            }
        }
    }

    /// Gives each folder one name and cuts what would lead in a circle.
    private void placeFolders() {
        int[] place = new int[catalogue.records()];
        byte[] done = new byte[catalogue.records()];
        for (int record = 0; record < place.length; record++) {
            place[record] = catalogue.is(record, Catalogue.DIRECTORY) ? oneName(record) : Catalogue.NONE;
        }
        int[] path = new int[DEEPEST];
        char[] depth = new char[place.length];
        for (int record = 0; record < place.length; record++) {
            if (done[record] != UNKNOWN || !catalogue.is(record, Catalogue.BASE | Catalogue.DIRECTORY)) {
                continue;
            }
            int length = 0;
            int at = record;
            while (at != Catalogue.NONE && at < place.length && done[at] == UNKNOWN && length < DEEPEST) {
                done[at] = ABOVE;
                path[length++] = at;
                at = above(place[at], at);
            }
            boolean circle = at != Catalogue.NONE && at < place.length && done[at] != PLACED;
            int level = at == Catalogue.NONE || circle || at >= place.length ? 0 : depth[at];
            for (int i = length - 1; i >= 0; i--) {
                if (circle || level >= DEEPEST) {
                    problems.lost(
                            OptionalLong.empty(),
                            "folder of record %d of $MFT lies in itself or too deep".formatted(path[i]));
                    catalogue.parent(place[path[i]], Catalogue.NONE);
                    level = 0;
                    circle = false;
                }
                depth[path[i]] = (char) ++level;
                done[path[i]] = PLACED;
            }
        }
    }

    private int above(int name, int record) {
        return name == Catalogue.NONE || record == Catalogue.ROOT ? Catalogue.NONE : catalogue.parent(name);
    }

    /// The name under which a folder is listed: the first that has a parent.
    private int oneName(int record) {
        int chosen = Catalogue.NONE;
        for (int name = catalogue.firstName(record); name != Catalogue.NONE; name = catalogue.nextName(name)) {
            if (chosen != Catalogue.NONE && catalogue.parent(name) != Catalogue.NONE) {
                problems.lost(OptionalLong.empty(), "folder of record %d of $MFT has a second name".formatted(record));
                catalogue.parent(chosen, Catalogue.NONE);
            }
            chosen = chosen == Catalogue.NONE || catalogue.parent(name) != Catalogue.NONE ? name : chosen;
        }
        return chosen;
    }

    private void fill() {
        int[] next = starts.clone();
        for (int name = 0; name < catalogue.names(); name++) {
            int parent = catalogue.parent(name);
            if (parent != Catalogue.NONE) {
                children[next[parent]++] = name;
            }
        }
    }

    int count(int folder) {
        return folder >= 0 && folder < starts.length - 1 ? starts[folder + 1] - starts[folder] : 0;
    }

    /// The name at an index below [#count].
    int child(int folder, int index) {
        return children[starts[folder] + index];
    }
}
