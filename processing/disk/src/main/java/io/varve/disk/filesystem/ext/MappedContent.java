package io.varve.disk.filesystem.ext;

import io.varve.binary.Bytes;
import io.varve.disk.filesystem.ext.BlockMap.Run;
import java.io.IOException;
import java.util.Arrays;

/// The content of a file that lies in blocks: each run is read in one piece, holes are zeros.
final class MappedContent implements Bytes {
    /// Most neighbouring holes joined in one answer.
    private static final int HOLES_AT_ONCE = 1024;

    private final Blocks blocks;
    private final BlockMap map;
    private final long size;
    private final String what;
    private volatile Run recent = Run.hole(-1, 1);

    MappedContent(Blocks blocks, BlockMap map, long size, long inode) {
        this.blocks = blocks;
        this.map = map;
        this.size = size;
        this.what = "content of inode %d".formatted(inode);
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public void read(long offset, byte[] target, int start, int length) throws IOException {
        check(offset, length, what);
        long position = offset;
        int at = start;
        int left = length;
        while (left > 0) {
            Run run = run(position / blocks.size());
            int count = (int) Math.min(left, end(run) - position);
            if (run.isHole()) {
                Arrays.fill(target, at, at + count, (byte) 0);
            } else {
                long within = position - run.first() * blocks.size();
                long block = run.physical() + within / blocks.size();
                blocks.read(block, within % blocks.size(), target, at, count, what);
            }
            position += count;
            at += count;
            left -= count;
        }
    }

    @Override
    public long zeros(long offset) throws IOException {
        check(offset, 0, what);
        long position = offset;
        for (int runs = 0; position < size && runs < HOLES_AT_ONCE; runs++) {
            Run run = run(position / blocks.size());
            if (!run.isHole()) {
                break;
            }
            position = Math.min(size, end(run));
        }
        return position - offset;
    }

    private Run run(long block) throws IOException {
        Run run = recent;
        if (!run.holds(block)) {
            run = map.find(block);
            recent = run;
        }
        return run;
    }

    /// The offset where a run ends; no further than the content.
    private long end(Run run) {
        long left = size - run.first() * blocks.size();
        return run.first() * blocks.size() + Math.min(left, saturated(run.count()));
    }

    private long saturated(long count) {
        return count > Long.MAX_VALUE / blocks.size() ? Long.MAX_VALUE : count * blocks.size();
    }
}
