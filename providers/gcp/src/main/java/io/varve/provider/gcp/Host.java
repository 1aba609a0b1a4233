package io.varve.provider.gcp;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.List;
import java.util.Map;

/// An instance as it was found, kept as the step `host` of its capture.
///
/// @param caller whom Google saw asking
/// @param id the number Google knows it by: its name may be used again
/// @param group instance group manager that made it; empty when none did
/// @param disks none when they were not looked at
/// @param scratch devices of local SSDs, which cannot be captured from outside
record Host(
        String project,
        String zone,
        String instance,
        String id,
        String type,
        String caller,
        String group,
        Map<String, String> labels,
        List<Disk> disks,
        List<String> scratch,
        List<Interface> interfaces) {

    /// @param device name it has on the instance
    /// @param region of a regional disk; empty when it is of the instance's zone
    /// @param key Cloud KMS key it is encrypted with; empty when it is Google's own
    /// @param customerKey SHA-256 of the key its owner keeps; empty when there is none
    record Disk(
            String device,
            String name,
            String region,
            long gibibytes,
            String key,
            String customerKey,
            boolean autoDelete) {}

    /// A network interface.
    ///
    /// @param project that its subnet belongs to, which may be another than the instance's
    /// @param subnet name
    record Interface(String project, String subnet, String address) {}

    static Host of(String step) {
        return Steps.read(step, new TypeReference<>() {});
    }

    /// As Google's resource names have it.
    String resource() {
        return "projects/%s/zones/%s/instances/%s".formatted(project, zone, instance);
    }
}
