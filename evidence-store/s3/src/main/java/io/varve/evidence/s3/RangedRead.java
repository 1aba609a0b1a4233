package io.varve.evidence.s3;

import io.minio.http.Method;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Optional;
import okhttp3.Response;

/// The bytes of a range of an object. A connection that breaks midway is made again from where it broke.
final class RangedRead extends InputStream {
    private static final int MOST_BREAKS = 5;
    private final S3Client client;
    private final String key;
    private final Map<String, String> query;
    private long position;
    private long left;
    private int breaks;
    private Optional<Response> answer = Optional.empty();

    RangedRead(S3Client client, String key, Map<String, String> query, long offset, long length) throws IOException {
        this.client = client;
        this.key = key;
        this.query = query;
        this.position = offset;
        this.left = length;
        open();
    }

    private void open() throws IOException {
        String end = left > Long.MAX_VALUE - position ? "" : Long.toString(position + left - 1);
        boolean whole = position == 0 && end.isEmpty();
        if (left <= 0) {
            return;
        }
        try {
            Map<String, String> headers = whole ? Map.of() : Map.of("Range", "bytes=%d-%s".formatted(position, end));
            Response opened = client.call(Method.GET, key, headers, query, Optional.empty());
            if (!whole && opened.code() != 206) {
                opened.close();
                throw new IOException("%s: asked for a range, answered %d".formatted(key, opened.code()));
            }
            answer = Optional.of(opened);
        } catch (S3Error e) {
            if (e.status() != 416) {
                throw e;
            }
            left = 0; // begins at the end or behind it
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int start, int length) throws IOException {
        while (left > 0 && answer.isPresent()) {
            try {
                int count = answer.get().body().byteStream().read(target, start, (int) Math.min(length, left));
                position += Math.max(count, 0);
                left -= Math.max(count, 0);
                return count;
            } catch (IOException e) {
                breaks++;
                close();
                if (breaks > MOST_BREAKS) {
                    throw e;
                }
                open();
            }
        }
        return length == 0 ? 0 : -1;
    }

    @Override
    public void close() {
        answer.ifPresent(Response::close);
        answer = Optional.empty();
    }
}
