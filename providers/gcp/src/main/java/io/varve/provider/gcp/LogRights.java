package io.varve.provider.gcp;

import io.varve.provider.Check;
import io.varve.provider.Check.Result;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What the service account may see of a project's logs.
final class LogRights {
    static final String ENTRIES = "logging.logEntries.list";

    /// Entries of data access logs are left out for whom it is not granted: no answer says so.
    static final String PRIVATE = "logging.privateLogEntries.list";

    private LogRights() {}

    static List<Check> checks(Cloud cloud, String project) throws ProviderException, InterruptedException {
        try {
            return GcpVendor.checks(
                    Feature.LOGS, granted(cloud, project, Feature.LOGS.permissions()), "in project " + project);
        } catch (ProviderException e) {
            if (!isUnseen(e)) {
                throw e;
            }
            return List.of(new Check(
                    "Rights in project " + project,
                    Feature.LOGS.purpose(),
                    Result.UNKNOWN,
                    e.reason(),
                    "Switch on the API cloudresourcemanager.googleapis.com to see them; captures do not need it."));
        }
    }

    /// What is not among the entries of a project that can be read.
    static Optional<String> gap(Cloud cloud, String project) throws ProviderException, InterruptedException {
        try {
            return granted(cloud, project, List.of(PRIVATE)).contains(PRIVATE)
                    ? Optional.empty()
                    : Optional.of("entries of data access logs are not among them: %s is not granted in project %s"
                            .formatted(PRIVATE, project));
        } catch (ProviderException e) {
            if (!isUnseen(e)) {
                throw e;
            }
            return Optional.of("whether entries of data access logs are among them cannot be told: " + e.reason());
        }
    }

    private static Set<String> granted(Cloud cloud, String project, List<String> permissions)
            throws ProviderException, InterruptedException {
        return GcpVendor.granted(cloud, project, permissions);
    }

    private static boolean isUnseen(ProviderException e) {
        return e.kind() == Kind.FORBIDDEN || e.kind() == Kind.NOT_FOUND || e.kind() == Kind.REFUSED;
    }
}
