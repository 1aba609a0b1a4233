package io.varve.disk.container.ewf;

import com.google.auto.service.AutoService;
import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.LayerException;
import io.varve.disk.container.Container;
import io.varve.disk.container.ContainerFormat;
import io.varve.disk.container.Neighbours;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// Expert Witness images: E01 (EnCase, FTK Imager, linen, libewf), S01 (SMART) and Ex01 (EnCase 7), in one or many
/// segment files.
///
/// Every chunk is checked against its checksum when it is read. What a cut segment still holds is read, the rest of it
/// is an error where it is read; a segment that is not there is an error at once.
///
/// Written after "Expert Witness Compression Format specification" and "… version 2 specification" by Joachim Metz,
/// <https://github.com/libyal/libewf/tree/main/documentation>.
@AutoService(ContainerFormat.class)
public final class Ewf implements ContainerFormat {
    private static final HexFormat HEX = HexFormat.of();
    private static final int SIGNATURE = 8;

    private enum Kind {
        E01("E01", "455646090d0aff00"),
        L01("L01", "4c5646090d0aff00"),
        EX01("Ex01", "455646320d0a8100"),
        LX01("Lx01", "4c4546320d0a8100"),
        ENCRYPTED("E01", "4144435259505400");

        private final String name;
        private final byte[] signature;

        Kind(String name, String signature) {
            this.name = name;
            this.signature = HEX.parseHex(signature);
        }

        static Optional<Kind> of(Bytes file) throws IOException {
            if (file.size() < Ewf2Sections.FILE_HEADER) {
                return Optional.empty();
            }
            byte[] head = new byte[SIGNATURE];
            file.read(0, head, 0, SIGNATURE);
            for (Kind kind : values()) {
                if (Arrays.equals(head, kind.signature)) {
                    return Optional.of(kind);
                }
            }
            return Optional.empty();
        }
    }

    @Override
    public String name() {
        return "E01";
    }

    @Override
    public boolean claims(String fileName, Bytes file) throws IOException {
        Optional<Kind> kind = Kind.of(file);
        return kind.isPresent() && (kind.get() == Kind.ENCRYPTED || number(kind.get(), file) == 1);
    }

    private static long number(Kind kind, Bytes file) throws IOException {
        byte[] head = new byte[16];
        file.read(0, head, 0, head.length);
        if (kind == Kind.EX01 || kind == Kind.LX01) {
            return head[12] & 0xff | (head[13] & 0xff) << 8 | (head[14] & 0xff) << 16 | (long) (head[15] & 0xff) << 24;
        }
        return head[9] & 0xff | (head[10] & 0xff) << 8;
    }

    @Override
    public Container open(String fileName, Bytes file, Neighbours neighbours) throws IOException {
        Kind kind = Kind.of(file).orElseThrow(() -> new CorruptException("%s is no EWF image".formatted(fileName)));
        return switch (kind) {
            case E01 -> read(new EwfSections(), kind, fileName, file, neighbours);
            case EX01 -> read(new Ewf2Sections(), kind, fileName, file, neighbours);
            case L01, LX01 ->
                throw new LayerException(
                        kind.name,
                        OptionalLong.of(0),
                        "a logical evidence file holds files, not a disk, and is not read",
                        "export its files with the tool that made it");
            case ENCRYPTED ->
                throw new LayerException(
                        "E01",
                        OptionalLong.of(0),
                        "the image is encrypted (AD encryption)",
                        "decrypt it with FTK Imager first");
        };
    }

    /// Whether a segment says that another follows it.
    enum More {
        YES,
        NO,
        /// The segment is cut.
        UNKNOWN
    }

    /// Takes the segments one after another.
    interface Sections {
        More add(Segment segment) throws IOException;

        EwfDisk disk(List<Segment> segments) throws IOException;
    }

    private static EwfDisk read(Sections sections, Kind kind, String fileName, Bytes file, Neighbours neighbours)
            throws IOException {
        List<Segment> segments = new ArrayList<>();
        try {
            Optional<Segment> next = Optional.of(new Segment(fileName, 1, file));
            while (next.isPresent()) {
                Segment segment = next.get();
                segments.add(segment);
                if (number(kind, segment.bytes()) != segment.number()) {
                    throw new LayerException(
                            kind.name,
                            OptionalLong.of(0),
                            "%s is segment %d, not %d"
                                    .formatted(segment.name(), number(kind, segment.bytes()), segment.number()),
                            "give all segments their original names");
                }
                More more = sections.add(segment);
                next = more == More.NO ? Optional.empty() : next(kind, segments, more == More.YES, neighbours);
            }
            return sections.disk(segments);
        } catch (IOException | RuntimeException e) {
            // the first is the caller's until the image is open
            for (Segment segment : segments.subList(Math.min(1, segments.size()), segments.size())) {
                segment.bytes().close();
            }
            throw e;
        }
    }

    private static Optional<Segment> next(Kind kind, List<Segment> segments, boolean needed, Neighbours neighbours)
            throws IOException {
        String first = segments.getFirst().name();
        int number = segments.size() + 1;
        Optional<String> name = SegmentNames.of(first).flatMap(names -> names.name(number));
        Optional<Bytes> bytes = name.isPresent() ? neighbours.open(name.get()) : Optional.empty();
        if (bytes.isPresent()) {
            Segment segment = new Segment(name.orElseThrow(), number, bytes.get());
            if (Kind.of(segment.bytes()).filter(kind::equals).isPresent()) {
                return Optional.of(segment);
            }
            bytes.get().close();
            throw new LayerException(
                    kind.name,
                    OptionalLong.of(0),
                    "segment %s is not a segment of such an image".formatted(segment.name()),
                    "put the right file in its place");
        }
        if (!needed) {
            return Optional.empty();
        }
        if (name.isEmpty()) {
            throw new LayerException(
                    kind.name,
                    OptionalLong.empty(),
                    "segment %d is needed, and from the name %s its name is not known".formatted(number, first),
                    "give all segments their original names (E01, E02, ...)");
        }
        throw new LayerException(
                kind.name,
                OptionalLong.of(segments.getLast().bytes().size()),
                "segment %s is missing".formatted(name.get()),
                "put it beside %s".formatted(first));
    }
}
