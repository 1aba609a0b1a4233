package io.varve.event;

/// Identity of one fact inside evidence, the same in every copy of it: 32 hexadecimal digits.
///
/// Made from volume, path, stream, record locator and the time's meaning; not from the container, a digest, or the time
/// itself, so a mended zone or year keeps the event and everything attached to it.
public record RecordKey(String value) {
    public static RecordKey of(Location location, String dataType, String meaning) {
        return new RecordKey(Hashing.sha(
                location.volume().orElse(""),
                location.path(),
                location.stream().orElse(""),
                location.record().orElse(""),
                dataType,
                meaning));
    }

    /// The id of this fact in one evidence item.
    public String eventId(String evidenceKey) {
        return Hashing.sha(evidenceKey, value);
    }
}
