package io.varve.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// The files of a package, wherever they lie. A file that is absent is a [java.nio.file.NoSuchFileException].
interface PackageFiles {
    /// A small file, at most `limit` bytes of it.
    byte[] bytes(String name, long limit) throws IOException;

    /// Whether the evidence's bytes are there at all.
    boolean hasData(Manifest manifest) throws IOException;

    /// The evidence's bytes.
    InputStream data(Manifest manifest) throws IOException;

    /// Names that begin with a prefix, in lexical order.
    List<String> list(String prefix) throws IOException;

    /// Whether this is all of an exported package: then it must hold its list of contents, and nothing else.
    boolean exported() throws IOException;

    /// What is wrong with the wrapping itself.
    default List<String> problems() {
        return List.of();
    }
}
