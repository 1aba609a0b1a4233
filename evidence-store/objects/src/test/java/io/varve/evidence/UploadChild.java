package io.varve.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;

/// What the kill tests kill: stores a stream that is the same for the same seed, and says what it did.
///
/// Arguments: kind of store, object name, seed, bytes, bytes of a part, then the store's settings as `name=value`.
public final class UploadChild {
    private UploadChild() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws IOException {
        Map<String, String> values = new HashMap<>();
        for (int i = 5; i < arguments.length; i++) {
            int equals = arguments[i].indexOf('=');
            values.put(arguments[i].substring(0, equals), arguments[i].substring(equals + 1));
        }
        var store = new CountingStore(ObjectStores.open(new StoreSettings(arguments[0], values)));
        System.out.println("begun");
        long size = Long.parseLong(arguments[3]);
        var upload = new StreamedUpload(store, new PartSizes(Integer.parseInt(arguments[4])), 2);
        ObjectStore.Stored stored;
        try (InputStream content = content(Long.parseLong(arguments[2]), size)) {
            stored = upload.write(arguments[1], content);
        }
        store.sent.forEach(number -> System.out.println("sent " + number));
        System.out.println("stored " + stored.sha256());
        System.exit(0); // clients keep threads
    }

    /// Bytes nobody can guess the next of, quickly.
    static InputStream content(long seed, long size) {
        byte[] block = new byte[1 << 20];
        new Random(seed).nextBytes(block);
        return new InputStream() {
            private long position;

            @Override
            public int read() {
                byte[] one = new byte[1];
                return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] target, int start, int length) {
                if (position == size) {
                    return -1;
                }
                int at = (int) (position % block.length);
                int count = (int) Math.min(Math.min(length, size - position), block.length - at);
                System.arraycopy(block, at, target, start, count);
                if (at == 0 && count > 8) { // each block another one
                    long number = position / block.length;
                    for (int i = 0; i < 8; i++) {
                        target[start + i] ^= (byte) (number >>> 8 * i);
                    }
                }
                position += count;
                return count;
            }
        };
    }
}
