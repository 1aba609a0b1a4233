package io.varve.artefact;

import static org.assertj.core.api.Assertions.assertThat;

import io.varve.event.DataType;
import io.varve.event.Field;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Rules that hold for all parsers.
class ParserRulesTest {
    private static final Path SOURCES = Path.of("src", "main", "java");
    private static final Path CLASSES = Path.of("target", "classes");
    private static final Pattern TYPE = Pattern.compile("[a-z0-9]+:[a-z0-9_]+:[a-z0-9_]+");

    @Test
    void dataTypesAreOsSubsystemThingAndBelongToOneRecord() throws Exception {
        var seen = new HashMap<String, Class<?>>();
        for (Class<?> record : records()) {
            String type = record.getAnnotation(DataType.class).value();
            assertThat(type).matches(TYPE);
            assertThat(seen.put(type, record)).as("second record of %s", type).isNull();
        }
    }

    @Test
    void aFieldNameHasTheSameTypeEverywhere() throws Exception {
        var types = new HashMap<String, String>();
        for (Class<?> record : classes()) {
            RecordComponent[] components = record.isRecord() ? record.getRecordComponents() : new RecordComponent[0];
            for (RecordComponent component : components) {
                Field field = component.getAnnotation(Field.class);
                if (field != null) {
                    String type = plain(component.getGenericType());
                    assertThat(types.merge(field.value(), type, (old, now) -> old))
                            .as("type of %s in %s", field.value(), record)
                            .isEqualTo(type);
                }
            }
        }
    }

    @Test
    void parserNamesAreUniqueAndLowerCase() {
        List<String> names =
                Fixture.parsers().stream().map(ArtefactParser::name).toList();
        assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.matches("[a-z0-9_]+"));
    }

    @Test
    void everyParserHasAFixture() {
        assertThat(Fixture.parsers())
                .allSatisfy(parser ->
                        assertThat(Fixture.of(parser)).as(parser.name()).isNotEmpty());
    }

    @Test
    void everyParserSaysWhatItReadsAndWhereTheFormatIsWrittenDown() throws IOException {
        for (ArtefactParser parser : Fixture.parsers()) {
            Class<?> type = parser.getClass();
            String source = Files.readString(SOURCES.resolve(type.getName().replace('.', '/') + ".java"));
            String doc = source.lines()
                    .takeWhile(line -> !line.matches(".*\\bclass " + type.getSimpleName() + "\\b.*"))
                    .filter(line -> line.startsWith("///"))
                    .reduce("", (a, b) -> a + b + "\n");
            assertThat(doc).as("class doc of %s", type).contains("Format: ");
        }
    }

    /// Every record with a data type that this module compiles.
    private static List<Class<?>> records() throws Exception {
        return classes().stream()
                .filter(type -> type.isAnnotationPresent(DataType.class))
                .toList();
    }

    private static List<Class<?>> classes() throws Exception {
        try (Stream<Path> walk = Files.walk(CLASSES)) {
            var classes = new ArrayList<Class<?>>();
            for (Path path : walk.filter(p -> p.toString().endsWith(".class")).toList()) {
                String name = CLASSES.relativize(path).toString().replace('/', '.');
                classes.add(Class.forName(
                        name.substring(0, name.length() - ".class".length()),
                        false,
                        ParserRulesTest.class.getClassLoader()));
            }
            return classes;
        }
    }

    /// The type as it appears in an event: what an Optional holds, whole numbers as one.
    private static String plain(Type type) {
        if (type instanceof ParameterizedType generic && generic.getRawType() == Optional.class) {
            return plain(generic.getActualTypeArguments()[0]);
        }
        String name = type.getTypeName();
        return switch (name) {
            case "int", "java.lang.Integer", "java.lang.Long" -> "long";
            case "java.lang.Boolean" -> "boolean";
            case "java.lang.Double" -> "double";
            default -> name;
        };
    }
}
