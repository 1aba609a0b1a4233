package io.varve.provider.azure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;

/// A virtual machine as it was found, kept as a step of its capture.
///
/// @param id resource id
/// @param vmId the GUID that the machine itself knows
/// @param image what it was made from; empty when Azure does not say
/// @param caller who Azure sees asking
/// @param snapshotGroup resource group that its snapshots are made in; empty for that of each disk
/// @param disks none where the capture is not of disks
/// @param leftOut disks that no snapshot can be taken of, and why, a sentence each
record Machine(
        String id,
        String vmId,
        String region,
        String size,
        String image,
        String system,
        String caller,
        String snapshotGroup,
        List<Disk> disks,
        List<String> leftOut) {
    private static final JsonMapper JSON = new JsonMapper();

    /// @param id resource id
    /// @param device `os`, or `lun 0` and so on
    /// @param encryption how Azure keeps it, in Azure's words
    /// @param key disk encryption set; empty when the key is Azure's own
    /// @param guest what the machine itself encrypts, a sentence; empty when Azure knows of nothing
    record Disk(String id, String name, String device, long gibibytes, String encryption, String key, String guest) {}

    ResourceId resource() {
        return ResourceId.required(id);
    }

    static Machine of(String step) {
        return read(step, new TypeReference<>() {});
    }

    static <T> T read(String step, TypeReference<T> type) {
        try {
            return JSON.readValue(step, type);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a stored step cannot be read: " + e.getMessage());
        }
    }

    static String write(Object step) {
        try {
            return JSON.writeValueAsString(step);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
