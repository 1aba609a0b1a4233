package io.varve.disk.archive;

import io.varve.binary.Bytes;
import io.varve.disk.Scratch;
import io.varve.disk.Scratch.Allowance;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The archive formats, told apart by their first bytes, never by name.
public enum Format {
    ZIP,
    SEVEN_ZIP,
    TAR,
    GZIP,
    BZIP2,
    XZ,
    ZSTD;

    /// Bytes needed to tell: a whole tar header.
    public static final int HEAD = 512;

    /// Documents and programs that are zip files inside: one thing to an investigator, not an archive.
    private static final Set<String> ONE_THING = Set.of(
            "docx", "docm", "dotx", "xlsx", "xlsm", "xltx", "pptx", "pptm", "odt", "ods", "odp", "odg", "epub", "jar",
            "war", "ear", "apk", "aab", "ipa", "xpi", "crx", "whl", "nupkg", "vsix", "msix", "appx", "kmz", "3mf");

    /// The format of content that starts with `head`; empty when it is not an archive.
    public static Optional<Format> of(String name, byte[] head) {
        if (starts(head, 0, "504b0304") || starts(head, 0, "504b0506")) {
            return isOneThing(name) ? Optional.empty() : Optional.of(ZIP);
        }
        if (starts(head, 0, "377abcaf271c")) {
            return Optional.of(SEVEN_ZIP);
        }
        if (starts(head, 0, "1f8b08")) {
            return Optional.of(GZIP);
        }
        if (starts(head, 0, "425a68") && (starts(head, 4, "314159265359") || starts(head, 4, "177245385090"))) {
            return Optional.of(BZIP2);
        }
        if (starts(head, 0, "fd377a585a00")) {
            return Optional.of(XZ);
        }
        if (starts(head, 0, "28b52ffd")) {
            return Optional.of(ZSTD);
        }
        return head.length >= HEAD && TarHeader.isHeader(head) ? Optional.of(TAR) : Optional.empty();
    }

    /// Reads the list of members. Compressed tars are expanded first, so that every member can be read at any time.
    ///
    /// @param name name of the file, from which the name of what is inside a compressed file is made
    public Archive open(String name, Bytes bytes, Scratch scratch, Allowance allowance, Progress progress)
            throws IOException {
        return JoinedMembers.of(plain(name, bytes, scratch, allowance, progress));
    }

    private Archive plain(String name, Bytes bytes, Scratch scratch, Allowance allowance, Progress progress)
            throws IOException {
        return switch (this) {
            case ZIP -> Zip.open(bytes, scratch, allowance);
            case SEVEN_ZIP -> SevenZip.open(bytes, scratch, allowance);
            case TAR -> Tar.open(bytes);
            case GZIP, BZIP2, XZ, ZSTD -> Compressed.open(this, name, bytes, scratch, allowance, progress);
        };
    }

    /// Told how many of the compressed bytes were expanded.
    public interface Progress {
        Progress NONE = done -> {};

        void expanded(long done);
    }

    private static boolean isOneThing(String name) {
        return ONE_THING.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
    }

    private static boolean starts(byte[] head, int at, String hex) {
        byte[] magic = HexFormat.of().parseHex(hex);
        return head.length >= at + magic.length && Arrays.equals(head, at, at + magic.length, magic, 0, magic.length);
    }
}
