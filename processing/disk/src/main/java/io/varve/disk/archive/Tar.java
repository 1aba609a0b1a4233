package io.varve.disk.archive;

import io.varve.binary.Bytes;
import io.varve.binary.CorruptException;
import io.varve.disk.Entry.Times;
import io.varve.disk.Entry.Type;
import io.varve.disk.Names;
import io.varve.disk.Slice;
import io.varve.event.EventTime;
import io.varve.event.Precision;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Tar, read at positions: old, POSIX (ustar, pax) and GNU. Members are slices of the archive.
///
/// After a damaged header the next sound one is looked for. GNU sparse members are listed and not read. A cut last
/// member keeps the bytes that are there.
final class Tar implements Archive {
    /// Largest extended header: names and times, not content.
    private static final int EXTENDED = 1 << 20;

    private final Bytes bytes;
    private final List<Member> members = new ArrayList<>();
    private final List<Place> places = new ArrayList<>();
    private final List<Damage> damages = new ArrayList<>();
    private Map<String, byte[]> extended = new HashMap<>();

    /// Where a member's content lies, and why it is not whole.
    private record Place(long start, long length, Optional<String> damage, boolean readable) {}

    private Tar(Bytes bytes) {
        this.bytes = bytes;
    }

    static Archive open(Bytes bytes) throws IOException {
        var tar = new Tar(bytes);
        tar.scan();
        return tar;
    }

    private void scan() throws IOException {
        long position = 0;
        boolean ended = false;
        boolean lost = false;
        while (bytes.size() - position >= TarHeader.SIZE) {
            byte[] block = block(position);
            if (TarHeader.isZero(block)) {
                ended = true;
                position += TarHeader.SIZE;
                continue;
            }
            if (!TarHeader.isHeader(block)) {
                if (!lost) {
                    damages.add(Damage.at(position, "not a tar header; looking for the next one"));
                }
                lost = true;
                position += TarHeader.SIZE;
                continue;
            }
            if (members.size() >= MEMBERS) {
                damages.add(Damage.at(position, "limit: more than %d members".formatted(MEMBERS)));
                return;
            }
            ended = false;
            lost = false;
            position = member(position, new TarHeader(block));
        }
        if (!ended) {
            damages.add(Damage.at(bytes.size(), "ends without the end mark of a tar: it may be cut short"));
        }
    }

    private byte[] block(long position) throws IOException {
        byte[] block = new byte[TarHeader.SIZE];
        bytes.read(position, block, 0, block.length);
        return block;
    }

    /// Reads the member whose header is here; returns where the next header is.
    private long member(long position, TarHeader header) throws IOException {
        long start = position + TarHeader.SIZE;
        try {
            return switch (header.type()) {
                case 'x', 'X' -> extended(start, header.size());
                case 'g' -> next(start, header.size());
                case 'L' -> longName(start, header.size(), "path");
                case 'K' -> longName(start, header.size(), "linkpath");
                default -> {
                    Map<String, byte[]> pax = extended;
                    extended = new HashMap<>();
                    yield entry(start, header, pax);
                }
            };
        } catch (CorruptException e) {
            damages.add(Damage.at(position, Optional.ofNullable(e.getMessage()).orElse("damaged header")));
            extended = new HashMap<>();
            return start;
        }
    }

    private long extended(long start, long size) throws IOException {
        byte[] records = bounded(start, size);
        int at = 0;
        while (at < records.length && records[at] != 0) {
            int space = at;
            while (space < records.length && records[space] != ' ') {
                space++;
            }
            int length = (int) Math.min(Integer.MAX_VALUE, whole(ascii(records, at, space), "pax record length"));
            if (length <= space + 1 - at || length > records.length - at) {
                throw new CorruptException("pax record of %d bytes at offset %d".formatted(length, start + at));
            }
            int equals = space + 1;
            while (equals < at + length && records[equals] != '=') {
                equals++;
            }
            if (equals < at + length) {
                extended.put(
                        ascii(records, space + 1, equals),
                        java.util.Arrays.copyOfRange(records, equals + 1, at + length - 1));
            }
            at += length;
        }
        return next(start, size);
    }

    private long longName(long start, long size, String key) throws IOException {
        byte[] name = bounded(start, size);
        int end = 0;
        while (end < name.length && name[end] != 0) {
            end++;
        }
        extended.put(key, java.util.Arrays.copyOf(name, end));
        return next(start, size);
    }

    private byte[] bounded(long start, long size) throws IOException {
        return bytes.at(
                        start,
                        io.varve.binary.Limits.check(size, EXTENDED, "tar extended header"),
                        "tar extended header")
                .toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
    }

    private static long next(long start, long size) {
        long padded = size + (TarHeader.SIZE - 1) & -(long) TarHeader.SIZE;
        if (size < 0 || padded < 0 || start + padded < start) {
            throw new CorruptException("tar member of %d bytes".formatted(size));
        }
        return start + padded;
    }

    private long entry(long start, TarHeader header, Map<String, byte[]> pax) {
        byte[] rawName = pax.getOrDefault("GNU.sparse.name", pax.getOrDefault("path", header.name()));
        if (rawName.length > Names.LONGEST) {
            throw new CorruptException("member name of %d bytes".formatted(rawName.length));
        }
        Type type = type(header, rawName);
        long stored = pax.containsKey("size") ? whole(text(pax, "size"), "pax size") : header.size();
        long size = type == Type.FILE ? stored : 0;
        // links and special files state a size in some tars but have no content
        long next = type == Type.FILE || type == Type.DIRECTORY ? next(start, stored) : start;
        long there = Math.max(0, Math.min(size, bytes.size() - start));
        Optional<String> cut = there < size
                ? Optional.of("cut short: %d of %d bytes are there".formatted(there, size))
                : Optional.empty();
        boolean sparse = header.type() == 'S' || pax.keySet().stream().anyMatch(key -> key.startsWith("GNU.sparse."));
        Optional<String> target =
                type == Type.LINK ? Optional.of(text(pax.getOrDefault("linkpath", header.link()))) : Optional.empty();
        members.add(new Member(
                members.size(),
                Names.member(text(rawName)),
                type,
                size,
                OptionalInt.of((int) (header.mode() & 07777)),
                OptionalLong.of(pax.containsKey("uid") ? whole(text(pax, "uid"), "pax uid") : header.uid()),
                OptionalLong.of(pax.containsKey("gid") ? whole(text(pax, "gid"), "pax gid") : header.gid()),
                times(header, pax),
                target));
        places.add(new Place(Math.min(start, bytes.size()), there, cut, !sparse));
        return next;
    }

    /// Names in a capture archive of Varve were escaped by the agent that wrote it.
    private String text(byte[] name) {
        return isCapture() ? Names.escaped(name) : Names.text(name);
    }

    private boolean isCapture() {
        return !members.isEmpty() && members.getFirst().path().equals(CAPTURE);
    }

    private static Type type(TarHeader header, byte[] name) {
        return switch (header.type()) {
            case '1', '2' -> Type.LINK;
            case '3' -> Type.CHARACTER;
            case '4' -> Type.BLOCK;
            case '6' -> Type.FIFO;
            case '5', 'D' -> Type.DIRECTORY;
            default -> name.length > 0 && name[name.length - 1] == '/' ? Type.DIRECTORY : Type.FILE;
        };
    }

    private static Times times(TarHeader header, Map<String, byte[]> pax) {
        Optional<EventTime> modified = pax.containsKey("mtime")
                ? time(text(pax, "mtime"))
                : Optional.of(EventTime.utc(header.modified(), 0, Precision.SECOND));
        return new Times(
                modified,
                pax.containsKey("atime") ? time(text(pax, "atime")) : Optional.empty(),
                pax.containsKey("ctime") ? time(text(pax, "ctime")) : Optional.empty(),
                pax.containsKey("LIBARCHIVE.creationtime")
                        ? time(text(pax, "LIBARCHIVE.creationtime"))
                        : Optional.empty());
    }

    private static Optional<EventTime> time(String decimal) {
        if (decimal.length() > 40 || !decimal.matches("-?\\d{1,18}(\\.\\d*)?")) {
            return Optional.empty();
        }
        BigDecimal value = new BigDecimal(decimal.endsWith(".") ? decimal + "0" : decimal);
        long seconds = value.setScale(0, java.math.RoundingMode.FLOOR).longValueExact();
        int nanos =
                value.subtract(BigDecimal.valueOf(seconds)).movePointRight(9).intValue();
        return Optional.of(
                EventTime.utc(seconds, nanos, decimal.contains(".") ? Precision.NANOSECOND : Precision.SECOND));
    }

    private static String text(Map<String, byte[]> pax, String key) {
        byte[] value = pax.getOrDefault(key, new byte[0]);
        return ascii(value, 0, value.length);
    }

    private static String ascii(byte[] raw, int start, int end) {
        return new String(raw, start, end - start, StandardCharsets.ISO_8859_1);
    }

    private static long whole(String text, String field) {
        if (!text.matches("\\d{1,18}")) {
            throw new CorruptException("%s is not a number".formatted(field));
        }
        return Long.parseLong(text);
    }

    @Override
    public List<Member> members() {
        return members;
    }

    @Override
    public List<Damage> damages() {
        return damages;
    }

    @Override
    public Content open(Member member) throws IOException {
        Place place = places.get(member.index());
        if (!place.readable) {
            throw new IOException("sparse tar members are not read yet");
        }
        return new Content(new Slice(bytes, place.start, place.length), place.damage);
    }

    @Override
    public long position(Member member) {
        return places.get(member.index()).start;
    }

    @Override
    public void close() throws IOException {}
}
