package io.varve.emulator.defender;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.emulator.device.Containment;
import io.varve.emulator.device.Device;
import java.time.Instant;
import java.util.Optional;

/// One machine of the tenant. Whether it is isolated is not part of it: the vendor tells that by machine actions only.
public final class Machine {
    private final ObjectNode facts;
    private final Optional<Device> device;
    private volatile Instant lastSeen;
    private volatile Optional<Containment> seen = Optional.empty();
    private volatile boolean portalSession;

    Machine(JsonNode facts, Optional<Device> device, Instant now) {
        this.facts = facts.deepCopy();
        this.device = device;
        this.lastSeen = now;
    }

    /// Facts of a machine that a device stands behind.
    static ObjectNode facts(String id, Device device) {
        var known = device.facts();
        ObjectNode facts = named(id, known.hostname(), "Linux", "12")
                .put("lastIpAddress", known.localIp())
                .put("lastExternalIpAddress", known.externalIp());
        facts.putArray("ipAddresses")
                .addObject()
                .put("ipAddress", known.localIp())
                .put("macAddress", known.mac().replace(":", "").toUpperCase(java.util.Locale.ROOT))
                .put("type", "Ethernet")
                .put("operationalStatus", "Up");
        return facts;
    }

    static ObjectNode named(String id, String name, String platform, String version) {
        ObjectNode facts = JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("computerDnsName", name)
                .put("osPlatform", platform)
                .put("version", version)
                .put("osProcessor", "x64")
                .put("osArchitecture", "64-bit")
                .putNull("osBuild")
                .put("onboardingStatus", "onboarded")
                .put("rbacGroupId", 10)
                .put("rbacGroupName", "Servers")
                .put("riskScore", "High")
                .put("exposureLevel", "Medium")
                .put("isAadJoined", false)
                .putNull("aadDeviceId")
                .put("deviceValue", "Normal");
        facts.putArray("machineTags");
        return facts;
    }

    public String id() {
        return facts.path("id").asText();
    }

    public String name() {
        return facts.path("computerDnsName").asText();
    }

    String platform() {
        return facts.path("osPlatform").asText();
    }

    public Optional<Device> device() {
        return device;
    }

    /// A machine without a device behind it reports in, and can do nothing but send packages made up for it.
    boolean online() {
        return device.map(Device::online).orElse(true);
    }

    /// When the sensor last reported; a test may make a machine old.
    public void lastSeen(Instant at) {
        lastSeen = at;
    }

    /// Somebody works on the machine by hand in the portal: a session that no machine action shows.
    public void portalSession(boolean open) {
        portalSession = open;
    }

    boolean inPortalSession() {
        return portalSession;
    }

    /// The containment that machine actions told last.
    Optional<Containment> told() {
        return seen;
    }

    void told(Containment containment) {
        seen = Optional.of(containment);
    }

    ObjectNode json() {
        ObjectNode json = facts.deepCopy();
        json.put("firstSeen", facts.path("firstSeen").asText("2026-01-15T08:00:00Z"));
        json.put("lastSeen", lastSeen.toString());
        json.put("healthStatus", facts.path("healthStatus").asText(online() ? "Active" : "Inactive"));
        return json;
    }
}
