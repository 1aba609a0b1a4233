package io.varve.disk.archive;

import com.github.luben.zstd.ZstdInputStream;
import io.varve.binary.Bytes;
import io.varve.disk.Entry.Times;
import io.varve.disk.Entry.Type;
import io.varve.disk.Scratch;
import io.varve.disk.Scratch.Allowance;
import io.varve.disk.Scratch.Expanded;
import io.varve.disk.Slice;
import io.varve.event.EventTime;
import io.varve.event.Precision;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.tukaani.xz.XZInputStream;

/// A compressed file: a tar inside it is the archive, anything else its single member.
final class Compressed implements Archive {
    /// Most memory a decoder may take for its dictionary.
    private static final int DICTIONARY_KIB = 256 << 10;

    private static final int BUFFER = 1 << 16;

    private final Bytes expanded;
    private final Member member;
    private final List<Damage> damages;

    private Compressed(Bytes expanded, Member member, List<Damage> damages) {
        this.expanded = expanded;
        this.member = member;
        this.damages = damages;
    }

    static Archive open(
            Format format, String name, Bytes bytes, Scratch scratch, Allowance allowance, Format.Progress progress)
            throws IOException {
        Expanded result;
        try (InputStream raw = new BufferedInputStream(new Watched(bytes.stream(), progress), BUFFER);
                InputStream in = decoder(format, raw)) {
            result = scratch.expand(in, bytes.size(), allowance);
        } catch (RuntimeException e) {
            throw new IOException(Scratch.reason(e), e);
        }
        List<Damage> damages =
                result.damage().map(reason -> List.of(Damage.of(reason))).orElse(List.of());
        if (isTar(result.bytes())) {
            return new CompressedTar(result.bytes(), Tar.open(result.bytes()), damages);
        }
        Optional<EventTime> modified = format == Format.GZIP ? gzipTime(bytes) : Optional.empty();
        Member member = new Member(
                0,
                inner(format, name),
                Type.FILE,
                result.bytes().size(),
                OptionalInt.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Times.modified(modified),
                Optional.empty());
        return new Compressed(result.bytes(), member, damages);
    }

    private static InputStream decoder(Format format, InputStream in) throws IOException {
        return switch (format) {
            case GZIP ->
                GzipCompressorInputStream.builder()
                        .setInputStream(in)
                        .setDecompressConcatenated(true)
                        .get();
            case BZIP2 -> new BZip2CompressorInputStream(in, true);
            case XZ -> new XZInputStream(in, DICTIONARY_KIB);
            case ZSTD -> new ZstdInputStream(in);
            case ZIP, SEVEN_ZIP, TAR -> throw new IllegalArgumentException(format + " is not a compressed file");
        };
    }

    private static boolean isTar(Bytes bytes) throws IOException {
        if (bytes.size() < TarHeader.SIZE) {
            return false;
        }
        byte[] head = new byte[TarHeader.SIZE];
        bytes.read(0, head, 0, head.length);
        return TarHeader.isHeader(head);
    }

    /// The modification time in the header of a gzip file, where it has one.
    private static Optional<EventTime> gzipTime(Bytes bytes) throws IOException {
        byte[] header = new byte[8];
        bytes.read(0, header, 0, header.length);
        long seconds = 0;
        for (int i = 7; i >= 4; i--) {
            seconds = seconds << 8 | header[i] & 0xff;
        }
        return seconds == 0 ? Optional.empty() : Optional.of(EventTime.utc(seconds, 0, Precision.SECOND));
    }

    /// `syslog.2.gz` holds `syslog.2`.
    private static String inner(Format format, String name) {
        List<String> endings = switch (format) {
            case GZIP -> List.of(".gz");
            case BZIP2 -> List.of(".bz2");
            case XZ -> List.of(".xz");
            case ZSTD -> List.of(".zst", ".zstd");
            case ZIP, SEVEN_ZIP, TAR -> List.of();
        };
        for (String ending : endings) {
            if (name.length() > ending.length() && name.toLowerCase(Locale.ROOT).endsWith(ending)) {
                return name.substring(0, name.length() - ending.length());
            }
        }
        return name;
    }

    @Override
    public List<Member> members() {
        return List.of(member);
    }

    @Override
    public List<Damage> damages() {
        // the damage is the member's
        return List.of();
    }

    @Override
    public Content open(Member wanted) {
        return new Content(Slice.all(expanded), damages.stream().findFirst().map(Damage::reason));
    }

    @Override
    public long position(Member wanted) {
        return 0;
    }

    @Override
    public void close() throws IOException {
        expanded.close();
    }

    /// A tar whose expanded bytes are let go with it.
    private record CompressedTar(Bytes expanded, Archive tar, List<Damage> cut) implements Archive {
        @Override
        public List<Member> members() {
            return tar.members();
        }

        /// A cut compressed stream explains the missing end of its tar: one warning, not two.
        @Override
        public List<Damage> damages() {
            if (cut.isEmpty()) {
                return tar.damages();
            }
            List<Damage> all = new ArrayList<>(tar.damages());
            all.removeIf(damage -> damage.offset().orElse(-1) == expanded.size());
            all.addAll(cut);
            return all;
        }

        @Override
        public Content open(Member member) throws IOException {
            return tar.open(member);
        }

        @Override
        public long position(Member member) {
            return tar.position(member);
        }

        @Override
        public void close() throws IOException {
            expanded.close();
        }
    }

    /// Tells how many bytes went by.
    private static final class Watched extends FilterInputStream {
        private final Format.Progress progress;
        private long done;

        Watched(InputStream in, Format.Progress progress) {
            super(in);
            this.progress = progress;
        }

        @Override
        public int read() throws IOException {
            int value = super.read();
            progress.expanded(value < 0 ? done : ++done);
            return value;
        }

        @Override
        public int read(byte[] target, int start, int length) throws IOException {
            int count = super.read(target, start, length);
            progress.expanded(done += Math.max(0, count));
            return count;
        }
    }
}
