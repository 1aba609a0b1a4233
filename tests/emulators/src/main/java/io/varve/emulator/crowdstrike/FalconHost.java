package io.varve.emulator.crowdstrike;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.device.Containment;
import io.varve.emulator.device.Device;
import io.varve.emulator.device.DeviceFacts;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// A host of the tenant: a sensor on a device, or a record of one that is no more.
public final class FalconHost {
    private final Clock clock;
    private final String aid;
    private final ObjectNode record;
    private final Optional<Device> device;
    private volatile boolean rtr = true;
    private volatile Instant lastSeen;

    private FalconHost(Clock clock, String aid, ObjectNode record, Optional<Device> device, Instant lastSeen) {
        this.clock = clock;
        this.aid = aid;
        this.record = record;
        this.device = device;
        this.lastSeen = lastSeen;
    }

    static FalconHost on(Device device, String cid, Clock clock) {
        return new FalconHost(clock, Ids.hex(), record(device.facts(), cid), Optional.of(device), clock.instant());
    }

    /// A host that was re-imaged or is gone: found, never reached.
    static FalconHost gone(DeviceFacts facts, String cid, Clock clock, Instant lastSeen) {
        return new FalconHost(clock, Ids.hex(), record(facts, cid), Optional.empty(), lastSeen);
    }

    private static ObjectNode record(DeviceFacts facts, String cid) {
        return Envelope.JSON
                .objectNode()
                .put("cid", cid)
                .put("hostname", facts.hostname())
                .put("local_ip", facts.localIp())
                .put("connection_ip", facts.localIp())
                .put("external_ip", facts.externalIp())
                .put("mac_address", facts.mac().replace(':', '-'))
                .put("machine_domain", "")
                .put("platform_id", "3")
                .put("platform_name", "Linux")
                .put("os_version", facts.osName() + " " + facts.osVersion())
                .put("kernel_version", "6.1.0-28-amd64")
                .put("product_type_desc", "Server")
                .put("agent_version", "7.20.17306.0")
                .put("serial_number", facts.machineId())
                .put("first_seen", facts.bornAt().minus(90, ChronoUnit.DAYS).toString())
                .put("reduced_functionality_mode", "no")
                .put("linux_sensor_mode", "User Mode");
    }

    /// The sensor's id.
    public String aid() {
        return aid;
    }

    public Optional<Device> device() {
        return device;
    }

    /// Sets any field of the record, such as `instance_id` or `service_provider`.
    public FalconHost with(String field, String value) {
        record.put(field, value);
        return this;
    }

    /// Real Time Response is switched off in the host's response policy.
    public FalconHost withoutRtr() {
        rtr = false;
        return this;
    }

    boolean rtr() {
        return rtr;
    }

    boolean online() {
        return device.map(Device::online).orElse(false);
    }

    ObjectNode toJson() {
        if (online()) {
            lastSeen = clock.instant();
        }
        return record.deepCopy()
                .put("device_id", aid)
                .put("status", status())
                .put("filesystem_containment_status", "normal")
                .put("rtr_state", rtr ? "enabled" : "disabled")
                .put("last_seen", lastSeen.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    private String status() {
        return switch (device.map(Device::containment).orElse(Containment.NORMAL)) {
            case NORMAL -> "normal";
            case PENDING -> "containment_pending";
            case CONTAINED -> "contained";
            case RELEASE_PENDING -> "lift_containment_pending";
        };
    }

    ObjectNode onlineState() {
        return Envelope.JSON
                .objectNode()
                .put("id", aid)
                .put("state", online() ? "online" : device.isPresent() ? "offline" : "unknown")
                .put("last_seen", toJson().path("last_seen").asText());
    }
}
