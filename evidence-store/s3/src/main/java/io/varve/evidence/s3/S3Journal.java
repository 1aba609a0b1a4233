package io.varve.evidence.s3;

import io.minio.messages.Item;
import io.varve.evidence.CanonicalJson;
import io.varve.evidence.Digest;
import io.varve.evidence.ObjectStore.Part;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What is known of one upload, in the bucket itself, so that any process can go on with it.
///
/// Below `organisation/.varve-uploads/rest-of-name/`:
/// - `id`: the multipart upload it belongs to
/// - `part-number-offset-size-sha256`: an empty object, one for each part that is in the multipart upload
/// - `held-number-offset-size-sha256`: the bytes of a part that is too small to be in it
///
/// and, written before completion and kept after it, `organisation/.varve-done/rest-of-name`: all parts.
final class S3Journal {
    private static final String UPLOADS = ".varve-uploads/";
    private static final String UPLOADED = ".varve-done/";
    private static final int LARGEST_LIST = 64 << 20;
    private static final Pattern ENTRY =
            Pattern.compile("(part|held)-(\\d{1,9})-(\\d{1,18})-(\\d{1,18})-([0-9a-f]{64})");

    private final S3Objects objects;
    private final String name;
    private final String folder;
    private final String doneKey;

    S3Journal(S3Objects objects, String prefix, String name) {
        int first = name.indexOf('/') + 1;
        String organisation = prefix + name.substring(0, first);
        this.objects = objects;
        this.name = name;
        this.folder = organisation + UPLOADS + name.substring(first) + "/";
        this.doneKey = organisation + UPLOADED + name.substring(first);
    }

    String name() {
        return name;
    }

    /// @param held whether the bytes are in an object of their own
    record Entry(Part part, boolean held) {}

    /// @param id whether the multipart upload was begun
    record Content(List<Entry> entries, boolean id) {}

    Content read() throws IOException {
        var entries = new ArrayList<Entry>();
        boolean id = false;
        for (String file : files()) {
            Matcher entry = ENTRY.matcher(file);
            id |= file.equals("id");
            if (entry.matches()) {
                var part = new Part(
                        Integer.parseInt(entry.group(2)),
                        Long.parseLong(entry.group(3)),
                        Long.parseLong(entry.group(4)),
                        new Digest(entry.group(5)));
                entries.add(new Entry(part, entry.group(1).equals("held")));
            }
        }
        entries.sort(Comparator.comparing(entry -> entry.part().number()));
        return new Content(entries, id);
    }

    private List<String> files() throws IOException {
        try (Stream<Item> items = objects.list(folder)) {
            return items.map(item -> item.objectName().substring(folder.length()))
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private String key(Entry entry) {
        Part part = entry.part();
        return "%s%s-%06d-%d-%d-%s"
                .formatted(
                        folder,
                        entry.held() ? "held" : "part",
                        part.number(),
                        part.offset(),
                        part.size(),
                        part.sha256());
    }

    /// Keeps that a part is in the multipart upload.
    void add(Part part) throws IOException {
        objects.put(key(new Entry(part, false)), SignedBody.of(name, new byte[0]), Map.of());
    }

    /// Keeps the bytes of a part.
    void hold(Part part, SignedBody body) throws IOException {
        objects.put(key(new Entry(part, true)), body, Map.of());
    }

    InputStream held(Part part) throws IOException {
        return objects.read(key(new Entry(part, true)), 0, part.size());
    }

    String id() throws IOException {
        return new String(objects.bytes(folder + "id", 4096), StandardCharsets.UTF_8);
    }

    /// Keeps the id of the multipart upload, or finds that another process was first.
    ///
    /// @return the id that holds
    String claim(String id) throws IOException {
        objects.create(folder + "id", SignedBody.of(name, id.getBytes(StandardCharsets.UTF_8)));
        return id();
    }

    void keepDone(List<Part> parts) throws IOException {
        objects.put(doneKey, SignedBody.of(name, CanonicalJson.write(parts.toArray(Part[]::new))), Map.of());
    }

    Optional<List<Part>> done() throws IOException {
        if (objects.head(doneKey).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(List.of(CanonicalJson.read(objects.bytes(doneKey, LARGEST_LIST), Part[].class)));
    }

    /// Forgets the parts on their way; what is kept of a completed upload stays.
    void clear() throws IOException {
        objects.discard(files().stream().map(folder::concat).toList());
    }

    void forget() throws IOException {
        clear();
        objects.discard(doneKey);
    }

    /// Whether a name below the prefix is the journal's, not an object's.
    static boolean holds(String name) {
        return name.startsWith(".") || name.contains("/" + UPLOADS) || name.contains("/" + UPLOADED);
    }

    /// Names of the uploads that left something behind.
    ///
    /// @param organisation empty, or ending in `/`
    static Set<String> unfinished(S3Objects objects, String prefix, String organisation) throws IOException {
        String start = prefix + organisation + UPLOADS;
        var names = new TreeSet<String>();
        try (Stream<Item> items = objects.list(start)) {
            items.map(item -> item.objectName().substring(start.length()))
                    .filter(rest -> rest.indexOf('/') > 0)
                    .forEach(rest -> names.add(organisation + rest.substring(0, rest.lastIndexOf('/'))));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return names;
    }
}
