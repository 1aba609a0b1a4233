package io.varve.event;

import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Turns one parsed record into its events: one for each time it has, or one undated event.
///
/// Times of one record that are the same instant become one event whose meaning lists all of them, joined by `; `.
public final class Timeliner {
    private static final Map<Class<?>, Shape> SHAPES = new ConcurrentHashMap<>();

    private final String evidenceKey;
    private final String parser;
    private final Optional<String> contextHost;

    /// @param evidenceKey identity of the evidence, part of every event id
    /// @param parser name of the parser whose records these are
    /// @param contextHost host the evidence belongs to, used where a record does not say
    public Timeliner(String evidenceKey, String parser, Optional<String> contextHost) {
        this.evidenceKey = evidenceKey;
        this.parser = parser;
        this.contextHost = contextHost;
    }

    public List<TimelineEvent> events(Location location, EventData data) {
        Shape shape = SHAPES.computeIfAbsent(data.getClass(), Shape::of);
        Map<String, Object> fields = shape.fields(data);
        Map<EventTime, List<String>> meanings = shape.times(data);
        var events = new ArrayList<TimelineEvent>(Math.max(1, meanings.size()));
        if (meanings.isEmpty()) {
            events.add(event(location, data, shape, fields, Optional.empty(), "Not a time"));
        }
        meanings.forEach((time, names) ->
                events.add(event(location, data, shape, fields, Optional.of(time), String.join("; ", names))));
        return events;
    }

    private TimelineEvent event(
            Location location,
            EventData data,
            Shape shape,
            Map<String, Object> fields,
            Optional<EventTime> time,
            String meaning) {
        RecordKey key = RecordKey.of(location, shape.dataType, meaning);
        return new TimelineEvent(
                key.eventId(evidenceKey),
                key.value(),
                time,
                meaning,
                shape.dataType,
                parser,
                data.message(),
                text(fields, "host.name").or(() -> contextHost),
                text(fields, "user.name"),
                location,
                fields);
    }

    private static Optional<String> text(Map<String, Object> fields, String name) {
        return Optional.ofNullable(fields.get(name)).map(Object::toString);
    }

    /// The annotated components of one record class, looked up once; those of a record it embeds belong to it.
    private record Shape(String dataType, List<Part> times, List<Part> fields, List<Part> extras) {
        static Shape of(Class<?> type) {
            DataType dataType = type.getAnnotation(DataType.class);
            if (dataType == null || !type.isRecord()) {
                throw new IllegalStateException(type + " must be a record with @DataType");
            }
            var shape = new Shape(dataType.value(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (RecordComponent component : type.getRecordComponents()) {
                component.getAccessor().setAccessible(true);
                if (!shape.add(new Part(List.of(component)))
                        && component.getType().isRecord()) {
                    if (ExtraFields.class.isAssignableFrom(component.getType())) {
                        shape.extras.add(new Part(List.of(component)));
                    }
                    for (RecordComponent inner : component.getType().getRecordComponents()) {
                        inner.getAccessor().setAccessible(true);
                        shape.add(new Part(List.of(component, inner)));
                    }
                }
            }
            return shape;
        }

        private boolean add(Part part) {
            if (part.component().isAnnotationPresent(Time.class)) {
                return times.add(part);
            }
            return part.component().isAnnotationPresent(Field.class) && fields.add(part);
        }

        Map<EventTime, List<String>> times(EventData data) {
            var meanings = new LinkedHashMap<EventTime, List<String>>();
            for (Part part : times) {
                Object value = part.read(data);
                if (value instanceof Optional<?> optional) {
                    value = optional.orElse(null);
                }
                if (value instanceof EventTime time) {
                    meanings.computeIfAbsent(time, t -> new ArrayList<>())
                            .add(part.component().getAnnotation(Time.class).value());
                }
            }
            return meanings;
        }

        Map<String, Object> fields(EventData data) {
            var values = new LinkedHashMap<String, Object>();
            for (Part part : fields) {
                plain(part.read(data))
                        .ifPresent(value -> values.put(
                                part.component().getAnnotation(Field.class).value(), value));
            }
            addExtras(data, values);
            for (Part part : extras) {
                addExtras((ExtraFields) part.read(data), values);
            }
            return values;
        }

        private static void addExtras(ExtraFields from, Map<String, Object> values) {
            from.extraFields().forEach((name, value) -> plain(value).ifPresent(v -> values.putIfAbsent(name, v)));
        }

        private static Optional<Object> plain(Object value) {
            return switch (value) {
                case Optional<?> optional -> optional.isPresent() ? plain(optional.get()) : Optional.empty();
                case List<?> list -> list.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(list));
                case String text -> text.isEmpty() ? Optional.empty() : Optional.of(text);
                case Integer number -> Optional.of(number.longValue());
                case Instant instant -> Optional.of(instant.toString());
                default -> Optional.of(value);
            };
        }
    }

    /// One component, or one of an embedded record: the way to it from the record.
    private record Part(List<RecordComponent> path) {
        RecordComponent component() {
            return path.getLast();
        }

        Object read(Object data) {
            Object value = data;
            try {
                for (RecordComponent component : path) {
                    value = component.getAccessor().invoke(value);
                }
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(path.toString(), e);
            }
            return value;
        }
    }
}
