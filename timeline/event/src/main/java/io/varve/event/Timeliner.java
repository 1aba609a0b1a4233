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

    /// The components of one record class, looked up once.
    private record Shape(String dataType, List<RecordComponent> times, List<RecordComponent> fields) {
        static Shape of(Class<?> type) {
            DataType dataType = type.getAnnotation(DataType.class);
            if (dataType == null || !type.isRecord()) {
                throw new IllegalStateException(type + " must be a record with @DataType");
            }
            var times = new ArrayList<RecordComponent>();
            var fields = new ArrayList<RecordComponent>();
            for (RecordComponent component : type.getRecordComponents()) {
                component.getAccessor().setAccessible(true);
                if (component.isAnnotationPresent(Time.class)) {
                    times.add(component);
                }
                if (component.isAnnotationPresent(Field.class)) {
                    fields.add(component);
                }
            }
            return new Shape(dataType.value(), times, fields);
        }

        Map<EventTime, List<String>> times(EventData data) {
            var meanings = new LinkedHashMap<EventTime, List<String>>();
            for (RecordComponent component : times) {
                Object value = read(component, data);
                if (value instanceof Optional<?> optional) {
                    value = optional.orElse(null);
                }
                if (value instanceof EventTime time) {
                    meanings.computeIfAbsent(time, t -> new ArrayList<>())
                            .add(component.getAnnotation(Time.class).value());
                }
            }
            return meanings;
        }

        Map<String, Object> fields(EventData data) {
            var values = new LinkedHashMap<String, Object>();
            for (RecordComponent component : fields) {
                plain(read(component, data))
                        .ifPresent(value ->
                                values.put(component.getAnnotation(Field.class).value(), value));
            }
            data.extraFields().forEach((name, value) -> plain(value).ifPresent(v -> values.putIfAbsent(name, v)));
            return values;
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

        private static Object read(RecordComponent component, Object data) {
            try {
                return component.getAccessor().invoke(data);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(component.toString(), e);
            }
        }
    }
}
