/// Links between alerts and the events of the evidence: corroboration and the first relevant events.
///
/// `web` calls [io.varve.investigation.Corroborator] and [io.varve.investigation.RelevantEvents]; both only read.
@NullMarked
package io.varve.investigation;

import org.jspecify.annotations.NullMarked;
