package io.varve.engine;

import io.varve.disk.Evidence;
import io.varve.disk.Scratch;
import io.varve.disk.volume.Keys;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// `process`: evidence to a timeline and its coverage.
final class ProcessCommand implements Command {
    private static final String EVENTS = "-o";
    private static final String COVERAGE = "--coverage";
    private static final String ZONE = "--zone";
    private static final String YEAR = "--year";

    @Override
    public Syntax syntax() {
        var options = new ArrayList<>(List.of(
                Syntax.Option.one(EVENTS, "FILE", "events go here instead of standard output"),
                Syntax.Option.one(COVERAGE, "FILE", "what was read and what was not, as JSON"),
                Syntax.Option.one(ZONE, "TZ", "zone of times without one, e.g. Europe/Zurich"),
                Syntax.Option.one(YEAR, "N", "year of times without one"),
                KeyOption.OPTION));
        options.addAll(ScratchOptions.OPTIONS);
        return new Syntax(
                "process",
                "Reads evidence (disk image, directory, archive, single artefact) into a timeline, one JSON object a"
                        + " line.",
                "EVIDENCE...",
                1,
                Syntax.ANY_NUMBER,
                options);
    }

    @Override
    public int run(Arguments arguments) {
        Given given = new Given(zone(arguments), year(arguments));
        Keys keys = KeyOption.keys(arguments);
        Scratch scratch = ScratchOptions.scratch(arguments);
        List<NamedEvidence> named =
                arguments.operands().stream().map(NamedEvidence::of).toList();
        Optional<Path> events = arguments.path(EVENTS);
        Optional<Path> coverage = arguments.path(COVERAGE);
        named.forEach(one -> {
            events.ifPresent(one::refuseInside);
            coverage.ifPresent(one::refuseInside);
        });
        Parsers parsers = Parsers.installed();
        var totals = new Totals();
        try (var output = FileOutput.open(arguments.operands(), events, coverage)) {
            for (NamedEvidence one : named) {
                try (Evidence opened = Evidence.open(one.path(), scratch, keys)) {
                    Run.of(one.name(), one.key(), opened, given, parsers, output, totals);
                } catch (IOException e) {
                    Run.unopened(one.name(), one.rootPath(), e, output, totals);
                }
            }
            output.finish(totals);
        }
        return totals.exitCode();
    }

    private static Optional<ZoneId> zone(Arguments arguments) {
        return arguments.one(ZONE).map(zone -> {
            try {
                return ZoneId.of(zone);
            } catch (DateTimeException e) {
                throw new UsageException("%s %s is not a time zone".formatted(ZONE, zone));
            }
        });
    }

    private static OptionalInt year(Arguments arguments) {
        Optional<Long> year = arguments.number(YEAR);
        if (year.isEmpty()) {
            return OptionalInt.empty();
        }
        if (year.get() < 1970 || year.get() > 9999) {
            throw new UsageException("%s %d is not a year of four digits from 1970".formatted(YEAR, year.get()));
        }
        return OptionalInt.of(year.get().intValue());
    }
}
