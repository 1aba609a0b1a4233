package io.varve.disk.container.ewf;

import io.varve.binary.CorruptException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Which run of chunks holds which chunk. Tables do not say which chunks they list, so a cut segment makes the number
/// of its chunks unknown: what follows the last cut is then counted from the end.
final class ChunkMap {
    /// Most tables of one image.
    private static final int MOST = 1 << 20;

    private final long[] firsts;
    private final ChunkRun[] runs;
    private final long end;

    private ChunkMap(long[] firsts, ChunkRun[] runs, long end) {
        this.firsts = firsts;
        this.runs = runs;
        this.end = end;
    }

    Place place(long chunk) throws IOException {
        int found = Arrays.binarySearch(firsts, chunk);
        int run = found < 0 ? -found - 2 : found;
        if (run < 0 || chunk >= end) {
            throw new CorruptException("no table lists it: the image holds %d chunks".formatted(end));
        }
        return runs[run].place(chunk - firsts[run]);
    }

    /// A run and how many chunks it has; -1 when a cut or damage hides that.
    private record Piece(ChunkRun run, long count) {}

    /// Takes the runs in the order of the disk.
    static final class Builder {
        private final List<Piece> pieces = new ArrayList<>();

        void add(ChunkRun run, long count) {
            if (pieces.size() == MOST) {
                throw new CorruptException("EWF: more than %d tables".formatted(MOST));
            }
            if (count != 0) {
                pieces.add(new Piece(run, count));
            }
        }

        void cut(ChunkRun run) {
            add(run, -1);
        }

        /// Chunks in all when nothing is cut.
        long counted() {
            return pieces.stream().mapToLong(piece -> Math.max(0, piece.count)).sum();
        }

        /// @param chunks how many the disk has
        ChunkMap build(long chunks) {
            int firstCut = 0;
            while (firstCut < pieces.size() && pieces.get(firstCut).count >= 0) {
                firstCut++;
            }
            int lastCut = pieces.size() - 1;
            while (lastCut > firstCut && pieces.get(lastCut).count >= 0) {
                lastCut--;
            }
            long[] firsts = new long[pieces.size()];
            ChunkRun[] runs = new ChunkRun[pieces.size()];
            int kept = 0;
            long next = 0;
            for (int i = 0; i < pieces.size(); i++) {
                if (i > firstCut && i <= lastCut) {
                    continue;
                }
                if (i > lastCut && i == lastCut + 1) {
                    next = Math.max(next, chunks - known(i));
                }
                runs[kept] = pieces.get(i).run;
                firsts[kept++] = next;
                next += Math.max(1, pieces.get(i).count);
            }
            boolean open = lastCut == pieces.size() - 1 && firstCut < pieces.size();
            return new ChunkMap(Arrays.copyOf(firsts, kept), Arrays.copyOf(runs, kept), open ? Long.MAX_VALUE : next);
        }

        private long known(int from) {
            return pieces.subList(from, pieces.size()).stream()
                    .mapToLong(Piece::count)
                    .sum();
        }
    }
}
