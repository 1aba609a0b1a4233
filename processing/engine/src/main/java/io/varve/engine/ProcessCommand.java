package io.varve.engine;

import io.varve.disk.Evidence;
import io.varve.disk.volume.Keys;
import java.io.IOException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `process`: evidence to a timeline and its coverage.
@Command(
        name = "process",
        mixinStandardHelpOptions = true,
        description =
                "Reads evidence (disk image, directory, archive, single artefact) into a timeline, one JSON object a line.")
final class ProcessCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "EVIDENCE")
    private List<String> evidence = List.of();

    @Option(names = "-o", paramLabel = "FILE", description = "events go here instead of standard output")
    private @Nullable Path events;

    @Option(names = "--coverage", paramLabel = "FILE", description = "what was read and what was not, as JSON")
    private @Nullable Path coverage;

    @Option(names = "--zone", paramLabel = "TZ", description = "zone of times without one, e.g. Europe/Zurich")
    private @Nullable String zone;

    @Option(names = "--year", paramLabel = "N", description = "year of times without one")
    private @Nullable Integer year;

    @Mixin
    private KeyOption keys = new KeyOption();

    @Mixin
    private ScratchOptions scratch = new ScratchOptions();

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Override
    public Integer call() {
        Given given = new Given(zoneGiven(), yearGiven());
        Keys unlocking = keys.keys(spec);
        List<NamedEvidence> named =
                evidence.stream().map(name -> NamedEvidence.of(name, spec)).toList();
        Optional<Path> eventFile = Optional.ofNullable(events);
        Optional<Path> coverageFile = Optional.ofNullable(coverage);
        named.forEach(one -> {
            eventFile.ifPresent(file -> one.refuseInside(file, spec));
            coverageFile.ifPresent(file -> one.refuseInside(file, spec));
        });
        Parsers parsers = Parsers.installed();
        var totals = new Totals();
        try (var output = FileOutput.open(evidence, eventFile, coverageFile, spec)) {
            for (NamedEvidence one : named) {
                try (Evidence opened = Evidence.open(one.path(), scratch.scratch(), unlocking)) {
                    Run.of(one.name(), one.key(), opened, given, parsers, output, totals);
                } catch (IOException e) {
                    Run.unopened(one.name(), one.rootPath(), e, output, totals);
                }
            }
            output.finish(totals);
        }
        return totals.exitCode();
    }

    private Optional<ZoneId> zoneGiven() {
        try {
            return Optional.ofNullable(zone).map(ZoneId::of);
        } catch (DateTimeException e) {
            throw NamedEvidence.usage(spec, "--zone %s is not a time zone".formatted(zone));
        }
    }

    private OptionalInt yearGiven() {
        if (year == null) {
            return OptionalInt.empty();
        }
        if (year < 1970 || year > 9999) {
            throw NamedEvidence.usage(spec, "--year %d is not a year of four digits from 1970".formatted(year));
        }
        return OptionalInt.of(year);
    }
}
