package io.varve.provider.azure;

import io.varve.provider.Pauses;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.record.RecordSource;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.Set;

/// The sign-ins of Entra ID that came from a machine's addresses on the internet: who used it to sign in to
/// something else. Records are as Microsoft Graph sends them, address after address, the newest first.
///
/// Sign-ins of managed identities and of applications are in Graph's beta version only, and not taken.
///
/// @see <a href="https://learn.microsoft.com/graph/api/signin-list">List signIns</a>
record SignInRecords(Cloud cloud, ResourceId machine, Pauses pauses) implements RecordSource {
    private static final int PAGE = 500;
    private static final int MOST_PAGES = 20_000;
    private static final int MOST_ADDRESSES = 64;

    @Override
    public String path() {
        return "varve/cloud/azure/sign-ins.jsonl";
    }

    @Override
    public String artifact() {
        return "EntraSignIns";
    }

    @Override
    public void read(Window window, Lines lines) throws ProviderException, InterruptedException, IOException {
        Set<String> addresses = NetworkCard.publicAddresses(cloud, machine);
        if (addresses.isEmpty()) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "%s has no public address of its own: which sign-ins came from it cannot be told"
                            .formatted(machine.name()));
        }
        var graph = new Graph(cloud, pauses);
        int asked = 0;
        for (String address : addresses) {
            if (++asked > MOST_ADDRESSES) {
                throw new ProviderException(
                        Kind.REFUSED,
                        "%s has %d public addresses: only %d were asked for"
                                .formatted(machine.name(), addresses.size(), MOST_ADDRESSES));
            }
            if (!of(address, graph, window, lines)) {
                return;
            }
        }
    }

    /// @return false when no more is taken
    private boolean of(String address, Graph graph, Window window, Lines lines)
            throws ProviderException, InterruptedException, IOException {
        String what = "reading sign-ins from " + address;
        URI page = first(address, graph, window);
        for (int pages = 0; pages < MOST_PAGES; pages++) {
            var answer = RecordPage.of(graph.page(page, what), "value", "@odata.nextLink", what);
            for (String record : answer.records()) {
                if (!lines.add(record)) {
                    return false;
                }
            }
            if (answer.next().isEmpty()) {
                return true;
            }
            page = graph.next(answer.next());
        }
        throw new ProviderException(Kind.REFUSED, what + ": the list does not end");
    }

    private static URI first(String address, Graph graph, Window window) {
        String filter = "createdDateTime ge %s and createdDateTime lt %s and ipAddress eq '%s'"
                .formatted(
                        window.from().truncatedTo(ChronoUnit.SECONDS),
                        window.to().truncatedTo(ChronoUnit.SECONDS).plusSeconds(1),
                        address);
        return graph.at("/v1.0/auditLogs/signIns?$top=%d&$filter=%s"
                .formatted(
                        PAGE, URLEncoder.encode(filter, StandardCharsets.UTF_8).replace("+", "%20")));
    }
}
