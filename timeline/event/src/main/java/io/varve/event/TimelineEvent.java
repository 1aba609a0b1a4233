package io.varve.event;

import java.util.Map;
import java.util.Optional;

/// One point in time (or one undated fact) read from evidence. Immutable: stars, tags and verdicts live elsewhere.
///
/// @param id event id, unique over all evidence: hash of evidence key and record key
/// @param record record key, the same in every copy of the evidence
/// @param time absent in the undated lane
/// @param timestampDesc what the time means, plaso's vocabulary
/// @param dataType `os:subsystem:thing`
/// @param parser name of the parser that read it
/// @param message one sentence
/// @param host host the event is about; absent when unknown
/// @param user user the event is about; absent when unknown
/// @param fields flat, dotted names; values are String, Boolean, Long, Double or a List of these
public record TimelineEvent(
        String id,
        String record,
        Optional<EventTime> time,
        String timestampDesc,
        String dataType,
        String parser,
        String message,
        Optional<String> host,
        Optional<String> user,
        Location location,
        Map<String, Object> fields) {}
