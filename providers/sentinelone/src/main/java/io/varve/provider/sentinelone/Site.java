package io.varve.provider.sentinelone;

import io.varve.provider.CaptureContext;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.RemoteHost;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// One host during one capture: what everything that is ordered for it shares.
record Site(SentinelOne client, RemoteHost host, CaptureContext context, Settings settings, Kept kept) {
    static final Duration TRY_AGAIN = Duration.ofSeconds(60);

    /// @throws ProviderException when the capture was cancelled or its time is over
    void proceed() throws ProviderException {
        if (context.cancelled()) {
            throw new ProviderException(Kind.CANCELLED, "cancelled");
        }
        if (!client.clock().instant().isBefore(context.deadline())) {
            throw new ProviderException(Kind.REFUSED, "not done by " + context.deadline());
        }
    }

    /// @throws ProviderException OFFLINE when the agent does not answer the console. Its network status plays no part:
    /// an agent that the console cut off still answers it
    void online(String why) throws ProviderException, InterruptedException {
        Agent agent = SentinelOneHosts.agent(client, host.id());
        if (!agent.active()) {
            throw new ProviderException(
                    Kind.OFFLINE,
                    "%s does not answer SentinelOne since %s; %s".formatted(host.name(), agent.lastActive(), why),
                    Optional.of(TRY_AGAIN));
        }
    }

    boolean outOfPatience(Instant since) {
        return client.clock().instant().isAfter(since.plus(settings.patience()));
    }

    void pause() throws InterruptedException {
        client.waiting().pass(settings.poll());
    }

    void custody(String action, String detail) throws ProviderException {
        try {
            context.custody(action, SentinelOne.printable(detail, 2000));
        } catch (IOException e) {
            throw new ProviderException(
                    Kind.FAILED, "custody cannot be written: " + e.getMessage(), Optional.of(TRY_AGAIN));
        }
    }

    /// The password for what this order brings: letters of both cases, digits and symbols. It can be made again from
    /// the API token and is kept nowhere.
    String password(Kept.Order order) {
        return "Vv1!"
                + client.secretFor(context.capture() + " " + order.nonce()).substring(0, 40);
    }
}
