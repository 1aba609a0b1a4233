package io.varve.provider.http;

import io.varve.provider.Connection;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/// Which certificates are believed: the machine's, or those of the setting `ca` (PEM) where a vendor's appliance or a
/// proxy has an authority of its own.
public final class Trust {
    private Trust() {}

    /// Empty when the machine's own certificates are believed.
    public static Optional<SSLContext> of(Connection connection) throws ProviderException {
        Optional<String> pem = connection.setting("ca");
        if (pem.isEmpty()) {
            return Optional.empty();
        }
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            var factory = CertificateFactory.getInstance("X.509");
            for (Certificate certificate : factory.generateCertificates(
                    new ByteArrayInputStream(pem.get().getBytes(StandardCharsets.US_ASCII)))) {
                store.setCertificateEntry("ca" + number++, certificate);
            }
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(store);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, trust.getTrustManagers(), null);
            return Optional.of(context);
        } catch (GeneralSecurityException | IOException e) {
            throw new ProviderException(
                    Kind.REFUSED,
                    "integration %s: the setting ca is not a certificate in PEM form: %s"
                            .formatted(connection.name(), e.getMessage()));
        }
    }
}
