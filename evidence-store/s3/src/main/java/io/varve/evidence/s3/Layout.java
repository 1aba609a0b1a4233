package io.varve.evidence.s3;

import io.varve.evidence.ObjectStore.Part;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/// How the parts of an upload become parts of S3's: those of 5 MiB and more as they are, runs of smaller ones put
/// together until they are large enough. S3 takes a small one only at the very end.
record Layout(List<Piece> pieces) {
    /// @param number S3's number of it; they need not follow each other, only rise
    /// @param own whether it is in the multipart upload already, under the number of its only part
    record Piece(int number, boolean own, List<Part> parts) {
        long size() {
            return parts.stream().mapToLong(Part::size).sum();
        }
    }

    /// Whether a part may go straight into the multipart upload: large enough, and what precedes it will never have to
    /// be
    /// put together with it.
    ///
    /// @param leastPart what the sender promises of every part but the last
    static boolean own(Part part, SortedMap<Integer, S3Journal.Entry> stored, long leastPart) {
        if (part.size() < S3Objects.LEAST_PART || part.number() > Multipart.MOST_PARTS) {
            return false;
        }
        if (leastPart >= S3Objects.LEAST_PART || part.offset() == 0) {
            return true;
        }
        long run = 0;
        for (int before = part.number() - 1; before > 0; before--) {
            S3Journal.Entry entry = stored.get(before);
            if (entry == null) {
                return false;
            }
            if (!entry.held()) {
                return run == 0 || run >= S3Objects.LEAST_PART;
            }
            run += entry.part().size();
            if (run >= S3Objects.LEAST_PART) {
                return true;
            }
        }
        return run == 0;
    }

    /// @param entries of all parts, without gap
    static Layout of(List<S3Journal.Entry> entries) throws IOException {
        var pieces = new ArrayList<Piece>();
        var run = new ArrayList<Part>();
        for (S3Journal.Entry entry : entries) {
            if (entry.held()) {
                run.add(entry.part());
                continue;
            }
            gather(run, pieces);
            pieces.add(new Piece(entry.part().number(), true, List.of(entry.part())));
        }
        gather(run, pieces);
        for (Piece piece : pieces.subList(0, pieces.size() - 1)) {
            if (piece.size() < S3Objects.LEAST_PART) {
                throw new IOException("part %d is too small to stand before a larger one that was sent first"
                        .formatted(piece.parts().getFirst().number()));
            }
        }
        return new Layout(List.copyOf(pieces));
    }

    private static void gather(List<Part> run, List<Piece> pieces) {
        var gathered = new ArrayList<List<Part>>();
        long size = S3Objects.LEAST_PART;
        for (Part part : run) {
            if (size >= S3Objects.LEAST_PART) {
                gathered.add(new ArrayList<>());
                size = 0;
            }
            gathered.getLast().add(part);
            size += part.size();
        }
        if (gathered.size() > 1 && size < S3Objects.LEAST_PART) {
            List<Part> rest = gathered.removeLast();
            gathered.getLast().addAll(rest);
        }
        for (List<Part> parts : gathered) {
            int number = pieces.isEmpty() ? 1 : pieces.getLast().number() + 1;
            pieces.add(new Piece(number, false, List.copyOf(parts)));
        }
        run.clear();
    }
}
