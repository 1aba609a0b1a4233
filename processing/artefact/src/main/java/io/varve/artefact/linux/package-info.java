/// Artefacts of Linux hosts: logs, histories, package managers, schedules, units, keys.
@NullMarked
package io.varve.artefact.linux;

import org.jspecify.annotations.NullMarked;
