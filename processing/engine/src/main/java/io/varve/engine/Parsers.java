package io.varve.engine;

import io.varve.artefact.ArtefactParser;
import io.varve.disk.EvidenceFile;
import java.lang.foreign.MemorySegment;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/// All parsers, in the order they are asked.
public final class Parsers {
    private final List<ArtefactParser> parsers;

    Parsers(List<ArtefactParser> parsers) {
        this.parsers = parsers.stream()
                .sorted(Comparator.comparingInt(ArtefactParser::order).thenComparing(ArtefactParser::name))
                .toList();
    }

    public static Parsers installed() {
        return new Parsers(ServiceLoader.load(ArtefactParser.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList());
    }

    /// The first parser that takes the file.
    Optional<ArtefactParser> claiming(EvidenceFile file, MemorySegment head) {
        return parsers.stream().filter(parser -> parser.claims(file, head)).findFirst();
    }
}
