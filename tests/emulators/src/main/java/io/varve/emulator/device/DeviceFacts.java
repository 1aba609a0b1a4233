package io.varve.emulator.device;

import java.time.Instant;

/// What a host is, as its sensor would report it. Addresses come from the ranges reserved for documentation.
///
/// @param machineId 32 hexadecimal digits, as in `/etc/machine-id`
/// @param bornAt the time the log lines of its tree count back from
public record DeviceFacts(
        String hostname,
        String localIp,
        String externalIp,
        String mac,
        String machineId,
        String osName,
        String osVersion,
        Instant bornAt) {
    /// Facts that follow from the name.
    public static DeviceFacts of(String hostname) {
        int seed = hostname.hashCode() & 0xffff;
        int low = 1 + (seed & 0x7f);
        return new DeviceFacts(
                hostname,
                "192.0.2." + low,
                "203.0.113." + low,
                "02:00:5e:%02x:%02x:%02x".formatted(seed >> 8, seed & 0xff, low),
                "%08x%08x%08x%08x".formatted(seed, low, hostname.length(), seed ^ 0x5a5a),
                "Debian GNU/Linux",
                "12",
                Instant.now());
    }

    public DeviceFacts withAddresses(String local, String external, String newMac) {
        return new DeviceFacts(hostname, local, external, newMac, machineId, osName, osVersion, bornAt);
    }
}
