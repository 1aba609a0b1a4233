package io.varve.event;

import java.util.Map;

/// Something with fields whose names only the evidence knows, e.g. the keys of a journal entry.
public interface ExtraFields {
    /// Names are kept as found; annotated components win over the same name here.
    Map<String, Object> extraFields();
}
