package io.varve.web.timeline;

import java.util.List;

/// What a search could look into and what it could not: evidence ids, and reasons in words.
public record Sources(List<String> read, List<String> running, List<String> failed, List<String> notCollected) {}
