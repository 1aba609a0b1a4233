/// A SentinelOne console (Management API v2.1) as its contract describes it: agents, fetch-files, remote scripts,
/// activities, threats and unified alerts.
@NullMarked
package io.varve.emulator.sentinelone;

import org.jspecify.annotations.NullMarked;
