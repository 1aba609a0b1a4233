package io.varve.web.endpoint;

import io.varve.acquisition.CaptureService;
import io.varve.provider.collector.profile.Profiles;
import io.varve.web.problem.ProblemException;

/// Which profiles there are to ask for.
public final class ProfileNames {
    private ProfileNames() {}

    /// Refuses what no provider here can collect.
    public static void require(String provider, String profile) {
        if (!CaptureService.REACHES.containsKey(provider)) {
            throw ProblemException.badRequest("there is no provider of this name");
        }
        if (Profiles.named(profile).isEmpty()) {
            throw ProblemException.badRequest("there is no profile of this name");
        }
    }
}
