package io.varve.disk.volume.encrypted;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A BitLocker volume that is encrypted where it is written: some chunks still lie in clear.
final class ConversionImage {
    static final int PLACE = 0x18_0000;
    static final int CHUNK = 0x1000;
    private static final int LOG = 0x19_0000;
    private static final int LOG_SIZE = 0x2000;

    private final FveImage volume;

    private ConversionImage(FveImage volume) {
        this.volume = volume;
    }

    static ConversionImage partly(int method) throws Exception {
        var volume = new FveImage(method, 512).clear();
        ByteBuffer places = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        volume.conversion = places.putLong(PLACE).putLong(PLACE + 0x8000).array();
        for (int place : new int[] {PLACE, PLACE + 0x8000}) {
            Arrays.fill(volume.content, place, place + 512, (byte) 0);
        }
        Arrays.fill(volume.content, PLACE + 512, PLACE + 512 + 0x1000, (byte) 0);
        Arrays.fill(volume.content, LOG, LOG + LOG_SIZE, (byte) 0);
        return new ConversionImage(volume);
    }

    byte[] content() {
        return volume.content;
    }

    /// Whether this chunk is encrypted.
    static boolean encrypted(int chunk) {
        return chunk % 5 != 3 && chunk != 0x140 && chunk != 0x141;
    }

    byte[] build() throws Exception {
        byte[] image = volume.build();
        int chunks = FveImage.SIZE / CHUNK;
        for (int chunk = FveImage.HEADER / CHUNK; chunk < chunks; chunk++) {
            int at = chunk * CHUNK;
            boolean metadata = Arrays.stream(FveImage.COPIES).anyMatch(copy -> at >= copy && at < copy + 0x1_0000);
            boolean start = at >= FveImage.HEADER_COPY && at < FveImage.HEADER_COPY + FveImage.HEADER;
            if (!encrypted(chunk) && !metadata && !start) {
                System.arraycopy(volume.content, at, image, at, CHUNK);
            }
        }
        byte[] bits = new byte[chunks / 8];
        for (int chunk = 0; chunk < chunks; chunk++) {
            boolean start =
                    chunk * CHUNK >= FveImage.HEADER_COPY && chunk * CHUNK < FveImage.HEADER_COPY + FveImage.HEADER;
            if (encrypted(chunk) || start) {
                bits[chunk / 8] |= (byte) (1 << chunk % 8);
            }
        }
        ByteBuffer out = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        for (int place : new int[] {PLACE, PLACE + 0x8000}) {
            out.position(place)
                    .put(ascii("FVE-EOW\0"))
                    .putShort((short) 56)
                    .putShort((short) 64)
                    .putInt(512)
                    .putInt(0);
            out.putInt(CHUNK).putInt(LOG_SIZE).putInt(0).putInt(1).putInt(0);
            out.putLong(PLACE).putLong(PLACE + 0x8000).putLong(PLACE + 512);
        }
        out.position(PLACE + 512)
                .put(ascii("FVE-EOWBM\0"))
                .putShort((short) 60)
                .putInt(0x1000)
                .putInt(0);
        out.putLong(0)
                .putLong(FveImage.SIZE)
                .putLong(LOG)
                .putInt(512)
                .putInt(1024)
                .putInt(512)
                .putInt(0);
        record(out, PLACE + 1024, 7, bits);
        record(out, PLACE + 1536, 6, new byte[bits.length]);
        return image;
    }

    private static void record(ByteBuffer out, int place, long sequence, byte[] bits) {
        out.position(place).put(ascii("FVE-EOWBR\0")).putShort((short) 36).putInt(36 + bits.length);
        out.putInt(bits.length * 8).putLong(sequence).putInt(0).putInt(0).put(bits);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
