package io.varve.emulator.crowdstrike;

import java.time.Duration;

/// How the cloud behaves where the contract leaves it open or a test wants it otherwise.
///
/// @param region value of `X-CS-Region` in the token answer; empty for none
/// @param perMinute calls a minute and tenant
/// @param largestGet bytes of the largest file `get` brings back
/// @param largestPut bytes of the largest file the library takes
/// @param notFoundPolls how often the status of a new command is 404 at first
/// @param rowPolls how many looks at a `get` row it takes until it is complete
/// @param downloadFailures how many downloads of a row fail while the cloud assembles it
public record Settings(
        String region,
        int perMinute,
        Duration tokenLife,
        Duration sessionLife,
        long largestGet,
        long largestPut,
        int notFoundPolls,
        int rowPolls,
        int downloadFailures) {
    public static Settings documented() {
        return new Settings("us-1", 6000, Duration.ofMinutes(30), Duration.ofMinutes(10), 4L << 30, 4L << 30, 1, 2, 1);
    }

    public Settings withPerMinute(int calls) {
        return new Settings(
                region,
                calls,
                tokenLife,
                sessionLife,
                largestGet,
                largestPut,
                notFoundPolls,
                rowPolls,
                downloadFailures);
    }

    public Settings withLargest(long get, long put) {
        return new Settings(
                region, perMinute, tokenLife, sessionLife, get, put, notFoundPolls, rowPolls, downloadFailures);
    }

    public Settings withRegion(String name) {
        return new Settings(
                name,
                perMinute,
                tokenLife,
                sessionLife,
                largestGet,
                largestPut,
                notFoundPolls,
                rowPolls,
                downloadFailures);
    }
}
