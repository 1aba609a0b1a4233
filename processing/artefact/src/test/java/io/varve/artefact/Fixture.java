package io.varve.artefact;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.event.EventTime;
import io.varve.event.Precision;
import io.varve.event.ZoneSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/// A file of our own making in `fixtures/<data type>/`, offered to its parser under the rest of its path.
///
/// Beside it lie `<name>.expected` (events, one a line, then the ledger) and, where the defaults do not do,
/// `<name>.context`: properties `host`, `zone`, `year`, `modified`, `collected` (ISO 8601), `user.<id>`. The folder
/// `_siblings` of a data type is no fixture; its files are siblings of every fixture there.
public record Fixture(ArtefactParser parser, Path source, MemoryFile file, EvidenceContext context) {
    private static final Path FOLDER = Path.of("src", "test", "resources", "fixtures");

    /// Every parser that the service loader finds.
    public static List<ArtefactParser> parsers() {
        return ServiceLoader.load(ArtefactParser.class).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(java.util.Comparator.comparingInt(ArtefactParser::order).thenComparing(ArtefactParser::name))
                .toList();
    }

    /// The parser that the engine would choose: the first that claims the file.
    public static Optional<ArtefactParser> claiming(MemoryFile file) {
        return parsers().stream()
                .filter(parser -> parser.claims(file, file.head()))
                .findFirst();
    }

    public static Stream<Fixture> all() {
        return parsers().stream().flatMap(Fixture::of);
    }

    public static Stream<Fixture> of(ArtefactParser parser) {
        Path folder = FOLDER.resolve(parser.dataType().replace(':', '.'));
        if (!Files.isDirectory(folder)) {
            return Stream.empty();
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk
                    .filter(Files::isRegularFile)
                    .filter(path -> !path.toString().matches(".*\\.(expected|context)"))
                    .filter(path -> !folder.relativize(path).startsWith("_siblings"))
                    .sorted()
                    .toList()
                    .stream()
                    .map(path -> read(parser, folder, path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Fixture read(ArtefactParser parser, Path folder, Path path) {
        try {
            Properties context = context(path);
            Optional<EventTime> modified = Optional.ofNullable(context.getProperty("modified"))
                    .map(Instant::parse)
                    .map(instant -> EventTime.utc(instant, Precision.SECOND));
            String name = "/" + folder.relativize(path).toString().replace('\\', '/');
            var file = new MemoryFile(name, Files.readAllBytes(path), modified, siblings(folder));
            return new Fixture(parser, path, file, context(context));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, byte[]> siblings(Path folder) throws IOException {
        Path siblings = folder.resolve("_siblings");
        var found = new HashMap<String, byte[]>();
        if (Files.isDirectory(siblings)) {
            try (Stream<Path> files = Files.list(siblings)) {
                for (Path file : files.toList()) {
                    found.put(file.getFileName().toString(), Files.readAllBytes(file));
                }
            }
        }
        return Map.copyOf(found);
    }

    private static Properties context(Path path) throws IOException {
        var properties = new Properties();
        Path beside = Path.of(path + ".context");
        if (Files.exists(beside)) {
            try (var reader = Files.newBufferedReader(beside)) {
                properties.load(reader);
            }
        }
        return properties;
    }

    private static EvidenceContext context(Properties given) {
        var users = new HashMap<String, String>();
        given.stringPropertyNames().stream()
                .filter(name -> name.startsWith("user."))
                .forEach(name -> users.put(name.substring(5), given.getProperty(name)));
        return new EvidenceContext(
                Optional.ofNullable(given.getProperty("host")),
                Optional.empty(),
                ZoneId.of(given.getProperty("zone", "UTC")),
                given.containsKey("zone") ? ZoneSource.HOST : ZoneSource.ASSUMED,
                users,
                given.containsKey("year")
                        ? OptionalInt.of(Integer.parseInt(given.getProperty("year")))
                        : OptionalInt.empty(),
                Optional.ofNullable(given.getProperty("collected")).map(Instant::parse));
    }

    /// A context that knows nothing.
    public static EvidenceContext blankContext() {
        return context(new Properties());
    }

    public CollectingSink run() throws IOException {
        return CollectingSink.run(parser, file, context);
    }

    /// Compares with the expected file, or writes it when `fixtures.update` is set.
    public void expect(String actual) throws IOException {
        Path expected = Path.of(source + ".expected");
        if (Boolean.getBoolean("fixtures.update")) {
            Files.writeString(expected, actual);
            return;
        }
        assertThat(expected).as("run with -Dfixtures.update=true to write it").exists();
        assertThat(actual).isEqualTo(Files.readString(expected, StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return parser.name() + " " + file.path();
    }
}
