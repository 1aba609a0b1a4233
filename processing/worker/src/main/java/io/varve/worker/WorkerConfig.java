package io.varve.worker;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// Settings of the worker.
@ConfigMapping(prefix = "varve")
public interface WorkerConfig {
    /// Folder that holds `objects/`, `index/`, `keys/` and `scratch/` and `blocks/`.
    Path data();

    /// Where Varve is installed or built: the engine's classes are found below it.
    Path home();

    /// Address under which people reach this installation, for links in vendors' consoles.
    Optional<String> publicUrl();

    Jobs jobs();

    Engine engine();

    Image image();

    Corroboration corroboration();

    Alerts alerts();

    Budget budget();

    Approval approval();

    Custody custody();

    /// Where evidence lies; `web` reads the same settings.
    Objects objects();

    /// Where every sealed item is copied to; nowhere unless a kind is set.
    Preservation preservation();

    Retention retention();

    interface Objects {
        /// `directory`, `s3`, `azure` or `gcs`.
        @WithDefault("directory")
        String kind();

        /// What the kind asks for, see docs/object-stores.md; the directory lies below `data`.
        Map<String, String> settings();
    }

    interface Preservation {
        Optional<String> kind();

        Map<String, String> settings();
    }

    /// How long sealed evidence is retained.
    interface Retention {
        /// From its sealing, e.g. `P365D`; not at all when absent.
        Optional<Duration> period();

        /// `governance`, which accounts with a right of their own may lift, or `compliance`, which nobody may.
        @WithDefault("governance")
        String mode();
    }

    interface Jobs {
        /// Jobs this worker runs at the same time. Most of them wait for somebody outside.
        @WithDefault("64")
        int atOnce();

        /// Engines this worker runs at the same time: they take a processor each, and the engine's heap.
        @WithDefault("3")
        int engines();

        @WithDefault("PT0.25S")
        Duration poll();

        @WithDefault("PT2S")
        Duration heartbeat();

        /// Heartbeats missed before another worker takes a job over.
        @WithDefault("5")
        int missedHeartbeats();

        /// How long a capture may take, from its request; hosts that are away are waited for.
        @WithDefault("P7D")
        Duration captureDeadline();

        /// When something a capture made outside could not be removed, when it is tried again for the first time; then
        /// every five times as long.
        @WithDefault("PT1M")
        Duration releaseAgain();
    }

    interface Engine {
        /// `bwrap`: own namespaces without network, another uid, read-only files. `none`: a plain child process, for
        /// machines on which nothing else works and only trusted evidence is read.
        @WithDefault("bwrap")
        String sandbox();

        /// User id the engine runs under when the worker is root.
        @WithDefault("64123")
        int uid();

        @WithDefault("1g")
        String heap();

        /// Largest scratch file, in bytes.
        @WithDefault("17179869184")
        long largestFile();

        /// How long one run may take.
        @WithDefault("PT12H")
        Duration wallClock();

        /// How long an engine may say nothing before it counts as hung.
        @WithDefault("PT5M")
        Duration silence();

        /// How often a crashed or hung engine is started again.
        @WithDefault("1")
        int retries();
    }

    /// Disks that are read where they are while they are copied.
    interface Image {
        /// How long the copy waits for the first events at most.
        @WithDefault("PT60S")
        Duration headStart();

        /// Blocks the copy of one image fetches at the same time.
        @WithDefault("48")
        int readers();

        /// Bytes of one image that are kept in `blocks/` once they are in the evidence store, until it is sealed.
        @WithDefault("34359738368")
        long keptBytes();
    }

    interface Corroboration {
        /// How far around an alert's own times its events are looked for.
        @WithDefault("PT15M")
        Duration slack();

        /// How long after an alert its asset is looked at: what comes in between is done in one go.
        @WithDefault("PT0.5S")
        Duration delay();
    }

    interface Alerts {
        /// How often new alerts are looked for.
        @WithDefault("PT0.2S")
        Duration poll();

        /// Most bodies that are read in one transaction.
        @WithDefault("500")
        int batch();

        /// How long alerts of one transaction are read, once it is known what is known of them: after it no further
        /// body
        /// is begun.
        @WithDefault("PT0.7S")
        Duration batchTime();
    }

    /// What automation may capture in one UTC day; `web` reads the same settings to simulate rules.
    interface Budget {
        /// Captures of one asset.
        @WithDefault("4")
        int assetDaily();

        /// Captures of all assets.
        @WithDefault("200")
        int organisationDaily();

        /// Bytes of all assets, what is under way estimated.
        @WithDefault("500000000000")
        long organisationDailyBytes();
    }

    /// How evidence is kept.
    interface Custody {
        /// How often stored evidence is read back.
        @WithDefault("P30D")
        Duration rehashEvery();

        /// Bytes a second that reading back takes at most.
        @WithDefault("50000000")
        long rehashRate();

        /// How long between two looks for what is due.
        @WithDefault("PT1M")
        Duration poll();

        /// How long after its sealing evidence is deleted. Without it nothing ever is.
        Optional<Duration> deleteAfter();

        /// Where time stamps are asked for (RFC 3161), e.g. `http://timestamp.example.com`.
        Optional<URI> timestampAuthority();
    }

    interface Approval {
        /// How long a capture waits for approval before it is rejected.
        @WithDefault("PT24H")
        Duration life();
    }
}
