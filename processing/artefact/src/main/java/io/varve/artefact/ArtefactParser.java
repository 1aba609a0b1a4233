package io.varve.artefact;

import io.varve.disk.EvidenceFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// Turns one kind of artefact into event data. Found by [java.util.ServiceLoader]; stateless.
public interface ArtefactParser {
    /// Name of the parser, unique, lower case, e.g. `syslog`.
    String name();

    /// The folder of its fixtures and the stem of its data types, `os:subsystem`, e.g. `linux:syslog`.
    String dataType();

    /// Whether this parser reads the file, judged by its path and its first bytes.
    ///
    /// @param head up to the first 4,096 bytes of the content
    boolean claims(EvidenceFile file, MemorySegment head);

    /// Parsers with a lower number are asked first; a generic text parser takes what the special ones leave.
    default int order() {
        return 100;
    }

    /// Reads the file and pushes what it finds; what was found before a corruption is kept.
    ///
    /// @throws io.varve.binary.CorruptException when nothing after this point can be read; the caller records it
    void parse(EvidenceFile file, EvidenceContext context, EventSink sink) throws IOException;
}
