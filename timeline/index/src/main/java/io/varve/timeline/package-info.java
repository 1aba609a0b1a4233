/// The timeline store: writing events while a job runs, and searching them.
///
/// Start with [io.varve.timeline.TimelineStore]. The query language is described in `docs/query-language.md`.
@NullMarked
package io.varve.timeline;

import org.jspecify.annotations.NullMarked;
