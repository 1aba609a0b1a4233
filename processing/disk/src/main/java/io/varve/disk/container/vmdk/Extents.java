package io.varve.disk.container.vmdk;

import io.varve.disk.container.Layout;
import io.varve.disk.container.Run;
import java.io.IOException;
import java.util.List;

/// The extents of a disk one after the other.
record Extents(List<Part> parts) implements Layout {
    record Part(long start, long size, Layout layout) {}

    long size() {
        return parts.isEmpty() ? 0 : parts.getLast().start + parts.getLast().size;
    }

    @Override
    public Run at(long offset) throws IOException {
        Part part = part(offset);
        long within = offset - part.start;
        long left = part.size - within;
        Run run = part.layout.at(within);
        return switch (run) {
            case Run.Zeros zeros -> new Run.Zeros(Math.min(zeros.length(), left));
            case Run.Stored stored -> new Run.Stored(stored.file(), stored.offset(), Math.min(stored.length(), left));
            case Run.Below below -> new Run.Below(Math.min(below.length(), left));
            case Run.Packed packed -> new Run.Packed(packed.block(), packed.from(), Math.min(packed.length(), left));
        };
    }

    private Part part(long offset) {
        int low = 0;
        int high = parts.size() - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (parts.get(middle).start <= offset) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return parts.get(low);
    }
}
