package io.varve.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Objects by name, written once: what a directory, S3, Azure Blob and Google Cloud Storage have in common.
///
/// Names are `/`-separated, of letters, digits, `.`, `-` and `_`; the first segment is the organisation. Nothing is
/// ever
/// overwritten: a name that exists is an [ObjectExistsException]. Failures of the store are [IOException]s. Targets
/// differ in what they enforce by themselves: [#features] says what this one does.
public interface ObjectStore {
    /// Writes a small object whole, durably, or not at all.
    void create(String name, byte[] content) throws IOException;

    /// Opens an upload, or the one already begun under this name. Until [Upload#complete] the object does not exist.
    Upload upload(String name) throws IOException;

    /// The same for parts that may arrive in any order, of which all but the last have at least `leastPart` bytes: a
    /// target that holds no small parts need not keep large ones aside until it knows what precedes them.
    default Upload upload(String name, long leastPart) throws IOException {
        return upload(name);
    }

    /// Uploads begun and neither completed nor aborted, by object name.
    List<String> uploads() throws IOException;

    Optional<ObjectInfo> info(String name) throws IOException;

    /// `length` bytes from `offset`; the stream ends there or at the end of the object. The caller closes it.
    InputStream read(String name, long offset, long length) throws IOException;

    /// Names under a prefix in lexical order. The caller closes the stream.
    Stream<String> list(String prefix) throws IOException;

    /// Removes an object; true when there was one.
    ///
    /// @throws ProtectedException while it is retained or held
    boolean delete(String name) throws IOException;

    /// What the target enforces by itself.
    default Set<Feature> features() {
        return Set.of();
    }

    /// What keeps an object from being removed now.
    default Protection protection(String name) throws IOException {
        return Protection.NONE;
    }

    /// Keeps an object until a time. A retention is never shortened: an earlier time than the present one changes
    /// nothing.
    ///
    /// @throws UnsupportedFeatureException when the target cannot
    default void retain(String name, Retention retention) throws IOException {
        throw new UnsupportedFeatureException(Feature.RETENTION);
    }

    /// Keeps an object until it is released.
    ///
    /// @throws UnsupportedFeatureException when the target cannot
    default void hold(String name) throws IOException {
        throw new UnsupportedFeatureException(Feature.LEGAL_HOLD);
    }

    default void release(String name) throws IOException {
        throw new UnsupportedFeatureException(Feature.LEGAL_HOLD);
    }

    record ObjectInfo(String name, long size) {}

    /// One object on its way in, in parts that are hashed as they pass. Survives a crash of its writer.
    interface Upload {
        /// Parts stored so far, by number.
        List<Part> parts();

        /// Stores one part. The same part again with the same digest changes nothing.
        ///
        /// @param number from 1, in the order of the bytes
        /// @param offset where the part begins in the object
        /// @param expected the sender's digest of the part
        /// @throws DigestMismatchException when the bytes that arrived are others; nothing is stored
        Part part(int number, long offset, Digest expected, InputStream content, long length) throws IOException;

        /// Makes the object from its parts: they must follow each other without gap. Every byte is read back from the
        /// store and hashed again, so the digest is of what is stored.
        Stored complete() throws IOException;

        /// Gives the upload up and removes what was stored.
        void abort() throws IOException;
    }

    /// One stored part.
    record Part(int number, long offset, long size, Digest sha256) {}

    /// A completed object.
    record Stored(String name, long size, Digest sha256, List<Part> parts) {}
}
