package io.varve.disk.volume.md;

import io.varve.binary.Bytes;
import io.varve.disk.LayerException;
import io.varve.disk.Problems;
import io.varve.disk.volume.Absent;
import io.varve.disk.volume.Runs;
import io.varve.disk.volume.Volume;
import io.varve.disk.volume.md.MdRaid.Part;
import io.varve.disk.volume.raid.Mirrored;
import io.varve.disk.volume.raid.Parity;
import io.varve.disk.volume.raid.ParityLayout;
import io.varve.disk.volume.raid.Raid10;
import io.varve.disk.volume.raid.Striped;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// One array made from the members at hand.
///
/// A member whose event count is more than one behind fell out of the array: as in Linux it is not read. Only when the
/// data could not be read without it, it is, and that is told.
final class MdArray {
    private static final String LAYER = "md RAID";

    private final List<Part> parts;
    private final Problems problems;

    /// The superblock written last.
    private final Superblock array;

    private final @Nullable Part[] chosen;

    MdArray(List<Part> parts, Problems problems) {
        this.parts = parts;
        this.problems = problems;
        this.array = parts.stream()
                .map(Part::superblock)
                .max(Comparator.comparingLong(Superblock::events).thenComparing(Superblock::active))
                .orElseThrow();
        this.chosen = new @Nullable Part[array.disks()];
    }

    Optional<Volume> volume() throws LayerException {
        if (array.state().reshaping()) {
            throw problem("is being reshaped", "let Linux finish the reshape on copies of the devices");
        }
        choose(part -> fresh(part) && whole(part));
        if (missing().size() > spares()) {
            choose(part -> fresh(part) && !part.superblock().state().rebuilding());
        }
        if (missing().size() > spares()) {
            chooseLess(part -> true);
        }
        List<Integer> missing = missing();
        boolean unreadable = missing.size() > spares();
        if (unreadable && array.level() != Superblock.LINEAR && array.level() != 10
                || missing.size() == chosen.length) {
            throw problem(
                    "needs %d of its %d members, but those with role %s are missing (at hand: %s)"
                            .formatted(chosen.length - spares(), chosen.length, text(missing), found()),
                    "add the missing devices to the evidence");
        }
        tell(missing, unreadable);
        String kind = "RAID %s%s".formatted(level(), missing.isEmpty() ? "" : ", degraded");
        return Optional.of(new Volume(array.volume(), kind, -1, bytes(), true));
    }

    private void tell(List<Integer> missing, boolean unreadable) {
        if (missing.isEmpty()) {
            return;
        }
        String what = "%s lacks the members with role %s of %d (at hand: %s)"
                .formatted(array.volume(), text(missing), chosen.length, found());
        if (unreadable) {
            problems.lost(OptionalLong.empty(), what);
            return;
        }
        problems.noted(what);
        if (!array.state().clean() && array.level() >= 4 && array.level() <= 6) {
            problems.noted("%s was not stopped cleanly: what is computed from its parity may be wrong"
                    .formatted(array.volume()));
        }
    }

    private boolean fresh(Part part) {
        return part.superblock().events() >= array.events() - 1;
    }

    private static boolean whole(Part part) {
        return !part.superblock().state().rebuilding()
                && !part.superblock().state().replacing();
    }

    private interface Condition {
        boolean holds(Part part);
    }

    /// Fills the roles that are still empty.
    private void choose(Condition condition) {
        for (Part part : parts) {
            Superblock superblock = part.superblock();
            boolean fits = superblock.active() && superblock.role() < chosen.length && condition.holds(part);
            if (!fits) {
                continue;
            }
            if (chosen[superblock.role()] == null) {
                chosen[superblock.role()] = part;
            } else if (chosen[superblock.role()] != part) {
                problems.noted("%s has role %d in %s too and is not read"
                        .formatted(part.name(), superblock.role(), array.volume()));
            }
        }
    }

    /// Old and half-rebuilt members, the newest first: better than nothing.
    private void chooseLess(Condition condition) {
        List<Part> rest = new ArrayList<>(parts);
        rest.sort(Comparator.comparingLong((Part part) -> part.superblock().events())
                .reversed());
        for (Part part : rest) {
            Superblock superblock = part.superblock();
            boolean fits = superblock.active()
                    && superblock.role() < chosen.length
                    && chosen[superblock.role()] == null
                    && missing().size() > spares()
                    && condition.holds(part);
            if (!fits) {
                continue;
            }
            chosen[superblock.role()] = part;
            problems.lost(
                    OptionalLong.of(superblock.place()),
                    "%s is read as member %d of %s though it is %s: parts of the volume may be old"
                            .formatted(
                                    part.name(),
                                    superblock.role(),
                                    array.volume(),
                                    fresh(part)
                                            ? "not fully rebuilt"
                                            : array.events() - superblock.events() + " events behind"));
        }
    }

    private List<Integer> missing() {
        return IntStream.range(0, chosen.length)
                .filter(role -> chosen[role] == null)
                .boxed()
                .toList();
    }

    /// How many members the level can do without.
    private int spares() {
        return switch (array.level()) {
            case 1, Superblock.MULTIPATH -> chosen.length - 1;
            case 4, 5 -> 1;
            case 6 -> 2;
            case 10 -> Math.max(0, (int) (array.layout() & 0xff) * (int) (array.layout() >> 8 & 0xff) - 1);
            default -> 0;
        };
    }

    private Bytes bytes() throws LayerException {
        long chunk = array.chunk();
        return switch (array.level()) {
            case Superblock.LINEAR -> linear();
            case 0 -> striped();
            case 1, Superblock.MULTIPATH -> mirrored();
            case 4, 5, 6 ->
                new Parity(
                        LAYER,
                        members(array.memberSize()),
                        ParityLayout.of(array.level(), array.layout())
                                .orElseThrow(() -> problem("has layout " + array.layout(), "tell us of this array")),
                        chunk,
                        array.memberSize());
            case 10 -> new Raid10(LAYER, members(array.memberSize()), array.layout(), chunk, array.memberSize());
            default -> throw problem("has level " + array.level(), "no such level is read");
        };
    }

    private Bytes linear() {
        var runs = Runs.builder();
        for (int role = 0; role < chosen.length; role++) {
            Part part = chosen[role];
            if (part == null) {
                // how long the missing one is only its own superblock knows
                break;
            }
            long size = rounded(part.superblock().dataSize());
            runs.add(part.bytes(), part.superblock().dataOffset(), size, absent(role, size));
        }
        return runs.build();
    }

    private Bytes striped() {
        List<Bytes> members = new ArrayList<>();
        for (int role = 0; role < chosen.length; role++) {
            Part part = chosen[role];
            if (part != null) {
                members.add(member(role, part, rounded(part.superblock().dataSize())));
            }
        }
        boolean alternate = array.layout() != 1;
        var striped =
                new Striped(members, array.chunk(), alternate ? Striped.Layout.ALTERNATE : Striped.Layout.ORIGINAL);
        if (striped.zoned() && array.layout() != 1 && array.layout() != 2) {
            problems.noted(
                    "%s has members of several sizes and does not say which layout it has: read as Linux 3.14 and later write it"
                            .formatted(array.volume()));
        }
        return striped;
    }

    private Bytes mirrored() {
        List<Bytes> members = new ArrayList<>();
        IntStream.range(0, chosen.length)
                .filter(role -> chosen[role] != null)
                .boxed()
                .sorted(Comparator.comparingLong(role -> -events(role)))
                .forEach(role -> members.add(member(role, chosen[role], array.memberSize())));
        return new Mirrored(members, array.memberSize());
    }

    private long events(int role) {
        Part part = chosen[role];
        return part == null ? 0 : part.superblock().events();
    }

    private List<Bytes> members(long size) {
        List<Bytes> members = new ArrayList<>();
        for (int role = 0; role < chosen.length; role++) {
            members.add(member(role, chosen[role], size));
        }
        return members;
    }

    private Bytes member(int role, @Nullable Part part, long size) {
        Absent absent = absent(role, size);
        return part == null
                ? absent
                : Runs.builder()
                        .add(part.bytes(), part.superblock().dataOffset(), size, absent)
                        .build();
    }

    private Absent absent(int role, long size) {
        return new Absent(
                size,
                LAYER,
                "member %d of %s is missing or cut here".formatted(role, array.volume()),
                "add the whole device to the evidence");
    }

    private long rounded(long size) {
        return array.chunk() > 0 ? size / array.chunk() * array.chunk() : size;
    }

    private String level() {
        return switch (array.level()) {
            case Superblock.LINEAR -> "linear";
            case Superblock.MULTIPATH -> "multipath";
            default -> Integer.toString(array.level());
        };
    }

    private String found() {
        return parts.stream()
                .map(part -> part.superblock().active()
                        ? "%s as %d".formatted(part.name(), part.superblock().role())
                        : part.name() + " as spare")
                .collect(Collectors.joining(", "));
    }

    private static String text(List<Integer> roles) {
        return roles.stream().map(Object::toString).collect(Collectors.joining(", "));
    }

    private LayerException problem(String problem, String remedy) {
        return new LayerException(
                LAYER,
                OptionalLong.of(array.place()),
                "%s (%s) %s".formatted(array.volume(), array.set(), problem),
                remedy);
    }
}
