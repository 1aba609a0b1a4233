package io.varve.web.endpoint;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.varve.provider.collector.profile.Profile;
import io.varve.provider.collector.profile.Profiles;
import io.varve.web.Items;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.List;

/// What captures can collect.
@Path("/api/v1/profiles")
@RunOnVirtualThread
public class ProfilesResource {
    public record ProfileView(String name, String description, List<String> artifacts) {
        static ProfileView of(Profile profile) {
            return new ProfileView(
                    profile.name(),
                    profile.description(),
                    profile.artifacts().stream().map(Profile.Artifact::name).toList());
        }
    }

    @GET
    public Items<ProfileView> all() {
        return new Items<>(Profiles.all().stream().map(ProfileView::of).toList());
    }
}
