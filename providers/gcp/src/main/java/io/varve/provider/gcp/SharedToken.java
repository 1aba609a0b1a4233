package io.varve.provider.gcp;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import java.io.IOException;

/// One token for all of Google's services. Their clients make copies of a service account's credentials, each with a
/// token of its own, and then a token that was taken back cannot be renewed for all of them.
final class SharedToken extends GoogleCredentials {
    private static final long serialVersionUID = 1;

    private final GoogleCredentials identity;

    SharedToken(GoogleCredentials identity) {
        this.identity = identity;
    }

    GoogleCredentials identity() {
        return identity;
    }

    @Override
    public AccessToken refreshAccessToken() throws IOException {
        return identity.refreshAccessToken();
    }
}
