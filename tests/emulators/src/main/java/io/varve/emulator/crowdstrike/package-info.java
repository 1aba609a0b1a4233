/// CrowdStrike Falcon: hosts, Real Time Response, its library and files, alerts, after the contract of the vendor's
/// API.
///
/// `CrowdStrike.start(TestClock.running(), folder)`, then `client(Scope…)` for credentials, `host(device)` for a sensor
/// on a device, `alert(json)` for a detection.
@NullMarked
package io.varve.emulator.crowdstrike;

import org.jspecify.annotations.NullMarked;
