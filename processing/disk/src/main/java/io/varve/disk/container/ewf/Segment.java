package io.varve.disk.container.ewf;

import io.varve.binary.Bytes;
import io.varve.binary.Limits;
import java.io.IOException;
import java.util.zip.Adler32;

/// One file of an image.
record Segment(String name, int number, Bytes bytes) {
    byte[] read(long offset, long length, String field) throws IOException {
        bytes.check(offset, length, field);
        byte[] copy = new byte[Limits.check(length, Limits.STRUCTURE, field)];
        bytes.read(offset, copy, 0, copy.length);
        return copy;
    }

    static long adler(byte[] bytes, int start, int length) {
        var adler = new Adler32();
        adler.update(bytes, start, length);
        return adler.getValue();
    }
}
