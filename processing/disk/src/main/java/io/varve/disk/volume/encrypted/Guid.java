package io.varve.disk.volume.encrypted;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A GUID as Windows stores it: the first three parts little-endian.
final class Guid {
    static final int LENGTH = 16;

    private Guid() {}

    static String text(byte[] bytes, int offset) {
        ByteBuffer parts = ByteBuffer.wrap(bytes, offset, LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        int first = parts.getInt();
        int second = parts.getShort() & 0xffff;
        int third = parts.getShort() & 0xffff;
        long rest = parts.order(ByteOrder.BIG_ENDIAN).getLong();
        return "%08x-%04x-%04x-%04x-%012x".formatted(first, second, third, rest >>> 48, rest & 0xffff_ffff_ffffL);
    }
}
