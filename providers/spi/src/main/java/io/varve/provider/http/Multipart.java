package io.varve.provider.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;

/// A `multipart/form-data` body (RFC 7578). Files are streamed. Names are ours and hold no quotes.
public final class Multipart implements Call.Body {
    private final String boundary = "varve-" + UUID.randomUUID();
    private final List<Piece> pieces = new ArrayList<>();
    private long length;

    /// @throws UncheckedIOException when it cannot be read any more
    private interface Piece {
        InputStream open();
    }

    public Multipart field(String name, String value) {
        head("form-data; name=\"%s\"".formatted(plain(name)), "");
        bytes(value.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    public Multipart file(String name, String fileName, byte[] content) {
        fileHead(name, fileName);
        bytes(content);
        return this;
    }

    public Multipart file(String name, String fileName, Path content) throws IOException {
        fileHead(name, fileName);
        length += Files.size(content);
        pieces.add(() -> {
            try {
                return Files.newInputStream(content);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return this;
    }

    public String contentType() {
        return "multipart/form-data; boundary=" + boundary;
    }

    @Override
    public BodyPublisher publisher() {
        byte[] end = "\r\n--%s--\r\n".formatted(boundary).getBytes(StandardCharsets.UTF_8);
        var all = new ArrayList<Piece>(pieces);
        all.add(() -> new ByteArrayInputStream(end));
        BodyPublisher stream = BodyPublishers.ofInputStream(() -> new SequenceInputStream(
                Collections.enumeration(all.stream().map(Piece::open).toList())));
        return BodyPublishers.fromPublisher(stream, length + end.length);
    }

    private void fileHead(String name, String fileName) {
        head(
                "form-data; name=\"%s\"; filename=\"%s\"".formatted(plain(name), plain(fileName)),
                "Content-Type: application/octet-stream\r\n");
    }

    private void head(String disposition, String more) {
        bytes("%s--%s\r\nContent-Disposition: %s\r\n%s\r\n"
                .formatted(pieces.isEmpty() ? "" : "\r\n", boundary, disposition, more)
                .getBytes(StandardCharsets.UTF_8));
    }

    private void bytes(byte[] bytes) {
        length += bytes.length;
        pieces.add(() -> new ByteArrayInputStream(bytes));
    }

    private static String plain(String name) {
        if (!name.matches("[A-Za-z0-9 ._()-]{1,255}")) {
            throw new IllegalArgumentException("not a name for a form: " + name);
        }
        return name;
    }
}
