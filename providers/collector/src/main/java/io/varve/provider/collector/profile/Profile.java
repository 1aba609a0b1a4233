package io.varve.provider.collector.profile;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What one capture collects, and how much of it at most.
///
/// What stands in it directly is Linux, as agents have always read it; `systems` holds the other operating systems.
///
/// @param description in the words of the person who chooses it
/// @param volatileState live state of the system, in the order it is read
/// @param roots folders whose entries are listed with their metadata
/// @param artifacts files to copy, in the order they are read; context first
/// @param systems `macos` and `windows`
@JsonIgnoreProperties(ignoreUnknown = true)
public record Profile(
        String name,
        String description,
        Caps caps,
        List<VolatileState> volatileState,
        List<String> roots,
        List<Artifact> artifacts,

        @JsonSetter(nulls = Nulls.AS_EMPTY) @JsonInclude(JsonInclude.Include.NON_EMPTY)
        Map<String, Share> systems) {

    /// What a profile collects on one operating system other than Linux.
    public record Share(
            @JsonSetter(nulls = Nulls.AS_EMPTY) List<VolatileState> volatileState,
            @JsonSetter(nulls = Nulls.AS_EMPTY) List<String> roots,
            @JsonSetter(nulls = Nulls.AS_EMPTY) List<Artifact> artifacts) {}

    /// The profile as one operating system needs it, with nothing of the others.
    ///
    /// @param system `linux`, `macos` or `windows`
    public Profile on(String system) {
        if (system.equals("linux")) {
            return new Profile(name, description, caps, volatileState, roots, artifacts, Map.of());
        }
        Share share = systems.getOrDefault(system, new Share(List.of(), List.of(), List.of()));
        return new Profile(name, description, caps, share.volatileState(), share.roots(), share.artifacts(), Map.of());
    }

    /// Live state, by name of its archive member.
    public enum VolatileState {
        PROCESSES,
        OPEN_FILES,
        SOCKETS,
        MODULES,
        MOUNTS,
        SESSIONS,
        CONTAINERS,
        /// Executables that run but are deleted from the disk: their content.
        DELETED_EXECUTABLES
    }

    /// One ForensicArtifacts definition, by name.
    ///
    /// @param follow a link is read as the file it points to, under the link's name: for context that every
    /// reader expects
    /// @param fileBytes largest size taken of one file, from its start
    /// @param totalBytes largest size taken of all files of this artefact
    /// @param paths globs: `*` and `?` inside a name, `**` any folders below (ten deep), `%%users.homedir%%`.
    /// On Windows too they begin with `/`, which is the system drive
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Artifact(
            String name, String description, List<String> paths, boolean follow, long fileBytes, long totalBytes) {}

    /// @param totalBytes largest size of all contents
    /// @param files most files copied
    /// @param entries most entries listed in all roots; `entriesPerRoot` in one of them
    /// @param bytesPerSecond upload rate; 0 for no limit
    /// @param duration when to stop collecting
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Caps(
            long totalBytes, int files, int entries, int entriesPerRoot, long bytesPerSecond, Duration duration) {}
}
