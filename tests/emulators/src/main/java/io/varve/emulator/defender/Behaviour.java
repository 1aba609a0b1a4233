package io.varve.emulator.defender;

import java.time.Duration;

/// Limits and switches of the tenant: as documented, until a test makes them smaller or turns them. Where the contract
/// is unverified there is a switch here. May be changed at any time.
public final class Behaviour {
    /// How long an action waits for a device that cannot be reached.
    public volatile Duration queueLife = Duration.ofDays(3);

    public volatile int concurrentSessions = 25;

    /// How long one RunScript may take, by the emulator's clock.
    public volatile Duration scriptTime = Duration.ofMinutes(10);

    /// A clock that a test moves in leaps ends no script before it ran this long in real time.
    public volatile Duration leastRealTime = Duration.ofSeconds(5);

    public volatile long largestGetFile = 3L << 30;
    public volatile long largestLibraryFile = 20L << 20;
    public volatile Duration linkLife = Duration.ofMinutes(30);

    /// How long an action stays pending on a device that can be reached, by the emulator's clock.
    public volatile Duration startDelay = Duration.ZERO;

    /// How long a collection takes at least, by the emulator's clock.
    public volatile Duration packageTime = Duration.ZERO;

    /// The RunScript result holds line breaks and NULs as they are, as in the documented sample.
    public volatile boolean rawTranscripts = true;

    /// Lists of machine actions say `lastUpdateTimeUtc`, single ones `lastUpdateDateTimeUtc`.
    public volatile boolean oldListNames = true;

    /// A search of machines that finds none answers 404 instead of an empty list.
    public volatile boolean notFoundForNoMachines = true;

    /// Live response in the advanced features of the portal.
    public volatile boolean liveResponseAllowed = true;

    public volatile boolean unsignedScriptsAllowed = true;

    /// Rows on one page of Graph.
    public volatile int graphPage = 50;

    /// Rows on one page of machines and machine actions.
    public volatile int page = 10_000;

    /// The folder of PutFile and of running scripts, a path inside the device.
    public volatile String workingFolder = "/var/opt/microsoft/mdatp/liveresponse";

    Behaviour() {}
}
