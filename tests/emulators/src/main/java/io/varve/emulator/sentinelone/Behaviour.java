package io.varve.emulator.sentinelone;

import java.time.Duration;

/// Limits and switches of the console: as documented, until a test makes them smaller or turns them. Where the contract
/// is unverified there is a switch here. May be changed at any time.
public final class Behaviour {
    /// What the console does with a fetch of more than it takes.
    public enum TooLarge {
        /// 400 at once.
        REFUSED,
        /// The command is accepted and nothing is ever uploaded.
        SILENT
    }

    /// Where the links of script results are in the answer.
    public enum ResultShape {
        /// `data.data.downloadLinks`, as the vendor's specification has it.
        SPECIFIED,
        /// `data.downloadLinks`
        FLAT,
        /// `data.download_links`, as clients read it.
        SNAKE_CASE
    }

    public volatile long fetchLimit = 10L << 20;
    public volatile TooLarge tooLarge = TooLarge.REFUSED;

    /// How long after a fetch its upload appears, by the console's clock.
    public volatile Duration uploadDelay = Duration.ZERO;

    /// How long an upload can be downloaded, and how many files of an agent are kept.
    public volatile Duration uploadLife = Duration.ofDays(3);

    public volatile int uploadsKept = 30;

    /// How long an order waits for an agent that does not answer.
    public volatile Duration orderLife = Duration.ofDays(7);

    /// A clock that a test moves in leaps ends no script before it ran this long in real time.
    public volatile Duration leastRealTime = Duration.ofSeconds(5);

    public volatile ResultShape resultShape = ResultShape.SPECIFIED;

    /// Largest result of a script; larger ones are not uploaded.
    public volatile long resultLimit = Long.MAX_VALUE;

    /// Results of scripts do not come through while the agent is disconnected from the network.
    public volatile boolean resultsBlockedInQuarantine;

    public volatile Duration linkLife = Duration.ofSeconds(3600);
    public volatile long largestScript = 10L << 20;
    public volatile long largestPackage = 200L << 20;

    /// Every execution needs somebody's approval.
    public volatile boolean approvalNeeded;

    /// A script that exits with an error is `completed`, and only `detailedStatus` tells; else `failed`.
    public volatile boolean failingScriptsComplete = true;

    /// Codes of the activities that tell isolation and its end.
    public volatile int disconnectedActivity = 1001;

    public volatile int reconnectedActivity = 1002;

    /// The agent's folder for scripts, a path inside the device.
    public volatile String scriptFolder = "/opt/sentinelone/rso";

    Behaviour() {}
}
