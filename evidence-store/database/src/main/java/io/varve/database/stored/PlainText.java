package io.varve.database.stored;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import org.jspecify.annotations.Nullable;

/// Makes any text storable: PostgreSQL takes no NUL character; U+FFFD is stored in its place.
@Converter(autoApply = true)
public class PlainText implements AttributeConverter<@Nullable String, @Nullable String> {
    @Override
    public @Nullable String convertToDatabaseColumn(@Nullable String text) {
        return text == null ? null : storable(text);
    }

    @Override
    public @Nullable String convertToEntityAttribute(@Nullable String stored) {
        return stored;
    }

    static String storable(String text) {
        return text.replace('\0', '\uFFFD');
    }
}
