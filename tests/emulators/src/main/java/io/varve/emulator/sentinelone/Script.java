package io.varve.emulator.sentinelone;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/// A script of the library.
///
/// @param type `action`, `artifactCollection` or `dataCollection`
/// @param signature SHA-256 of the content
record Script(
        String id,
        String name,
        String type,
        List<String> osTypes,
        boolean inputRequired,
        byte[] content,
        String signature,
        Optional<Attachment> attachment,
        ObjectNode more) {
    /// A file that goes to the agent with the script.
    record Attachment(String fileName, byte[] content, String signature) {}

    /// The permission to run a script of this type.
    String permission() {
        return "Remote Script Orchestration.run" + type.substring(0, 1).toUpperCase(java.util.Locale.ROOT)
                + type.substring(1) + "Script";
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("id", id)
                .put("scriptName", name)
                .put("scriptType", type)
                .put("fileName", name)
                .put("fileSize", content.length)
                .put("inputRequired", inputRequired)
                .put("version", "1.0.0")
                .put("signature", signature)
                .put("signatureType", "SHA256");
        var systems = json.putArray("osTypes");
        osTypes.forEach(systems::add);
        json.putArray("supportedDestinations").add("SentinelCloud").add("Local").add("None");
        json.setAll(more);
        attachment.ifPresent(file -> json.putObject("package")
                .put("fileName", file.fileName())
                .put("fileSize", file.content().length)
                .put("signature", file.signature())
                .put("signatureType", "SHA256"));
        return json;
    }
}
