package io.varve.emulator.sentinelone;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.device.Containment;
import io.varve.emulator.device.Device;
import java.time.Instant;
import java.util.Optional;

/// One agent of the console.
public final class Agent {
    static final String SITE = "1700000000000000101";
    static final String ACCOUNT = "1700000000000000102";
    static final String GROUP = "1700000000000000103";

    private final ObjectNode facts;
    private final Optional<Device> device;
    private volatile Containment told;

    Agent(JsonNode facts, Optional<Device> device) {
        this.facts = facts.deepCopy();
        this.device = device;
        this.told = device.map(Device::containment).orElse(Containment.NORMAL);
    }

    static ObjectNode facts(String id, Device device, Instant now) {
        var known = device.facts();
        String machine = known.machineId();
        ObjectNode facts = named(id, known.hostname(), "linux", now)
                .put("uuid", machine + machine.substring(0, 8))
                .put("osName", "Linux")
                .put("osRevision", known.osName() + " " + known.osVersion())
                .put("externalIp", known.externalIp())
                .put("lastIpToMgmt", known.localIp());
        ObjectNode network = facts.putArray("networkInterfaces")
                .addObject()
                .put("id", id.substring(0, id.length() - 1) + "7")
                .put("name", "eth0")
                .put("physical", known.mac())
                .put("gatewayIp", "192.0.2.1")
                .put("gatewayMacAddress", "02:00:5e:00:00:01");
        network.putArray("inet").add(known.localIp());
        network.putArray("inet6");
        return facts;
    }

    /// @param osType `linux`, `macos`, `windows` or `windows_legacy`
    static ObjectNode named(String id, String name, String osType, Instant now) {
        ObjectNode facts = JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("uuid", "%040x".formatted(Math.abs((long) name.hashCode())))
                .put("computerName", name)
                .put("domain", "example.test")
                .put("osType", osType)
                .put("osName", osType)
                .put("osRevision", "")
                .put("osArch", "64 bit")
                .put("machineType", "server")
                .put("agentVersion", "24.2.2.20")
                .put("isDecommissioned", false)
                .put("isUninstalled", false)
                .put("infected", true)
                .put("activeThreats", 1)
                .put("networkQuarantineEnabled", false)
                .put("registeredAt", Ids.time(now))
                .put("createdAt", Ids.time(now))
                .put("updatedAt", Ids.time(now))
                .put("siteId", SITE)
                .put("siteName", "Default site")
                .put("groupId", GROUP)
                .put("groupName", "Default Group")
                .put("accountId", ACCOUNT)
                .put("accountName", "Example Corp")
                .put("lastLoggedInUserName", "alice")
                .put("operationalState", "na")
                .put("mitigationMode", "detect")
                .put("scanStatus", "finished")
                .put("allowRemoteShell", false);
        facts.putArray("networkInterfaces");
        facts.putObject("cloudProviders");
        facts.putArray("userActionsNeeded");
        facts.putArray("missingPermissions");
        return facts;
    }

    public String id() {
        return facts.path("id").asText();
    }

    public String name() {
        return facts.path("computerName").asText();
    }

    public String uuid() {
        return facts.path("uuid").asText();
    }

    String osType() {
        return facts.path("osType").asText();
    }

    public Optional<Device> device() {
        return device;
    }

    boolean online() {
        return device.map(Device::online).orElse(false);
    }

    /// The device, when it answers now.
    Optional<Device> reachable() {
        return device.filter(Device::online);
    }

    Containment containment() {
        return device.map(Device::containment).orElse(Containment.NORMAL);
    }

    /// The containment that activities told last.
    Containment told() {
        return told;
    }

    void told(Containment containment) {
        told = containment;
    }

    String networkStatus() {
        return switch (containment()) {
            case NORMAL -> "connected";
            case PENDING -> "disconnecting";
            case CONTAINED -> "disconnected";
            case RELEASE_PENDING -> "connecting";
        };
    }

    ObjectNode json(Instant now) {
        return facts.deepCopy()
                .put("networkStatus", networkStatus())
                .put("isActive", online())
                .put("lastActiveDate", Ids.time(now));
    }
}
