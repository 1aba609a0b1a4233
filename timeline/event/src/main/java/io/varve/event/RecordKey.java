package io.varve.event;

/// Identity of one fact inside evidence, the same in every copy of it: 32 hexadecimal digits.
///
/// Made from volume, path, stream, record locator and the time's meaning; not from the container, a digest, or the time
/// itself, so a mended zone or year keeps the event and everything attached to it.
public record RecordKey(String value) {
    public static RecordKey of(Location location, String dataType, String meaning) {
        return new RecordKey(Hashing.sha(
                view(location.volume().orElse("")),
                location.path(),
                location.stream().orElse(""),
                location.record().orElse(""),
                dataType,
                meaning));
    }

    /// `p1@shadow2` is a view of `p1`: the same record in both is one.
    private static String view(String volume) {
        int shadow = volume.lastIndexOf("@shadow");
        return shadow < 0 ? volume : volume.substring(0, shadow);
    }

    /// The id of this fact in one evidence item.
    public String eventId(String evidenceKey) {
        return Hashing.sha(evidenceKey, value);
    }
}
