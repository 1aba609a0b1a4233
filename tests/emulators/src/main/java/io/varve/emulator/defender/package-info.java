/// Microsoft Defender for Endpoint as its contract describes it, with the Entra sign-in, Graph security and Sentinel
/// calls that belong to it.
@NullMarked
package io.varve.emulator.defender;

import org.jspecify.annotations.NullMarked;
