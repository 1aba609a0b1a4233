package io.varve.provider.endpoint.server;

import io.varve.evidence.Digest;
import io.varve.provider.endpoint.protocol.Keys;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// The server's TLS certificate and order-signing key, made once and kept in a private folder.
///
/// Files: `tls.key` (PKCS 8), `tls.crt` (DER), `order.key` (PKCS 8), `order.pub` (X.509).
final class ServerIdentity {
    private static final Duration VALID = Duration.ofDays(3650);

    private final PrivateKey tlsKey;
    private final X509Certificate certificate;
    private final PrivateKey orderKey;
    private final byte[] orderPublicKey;

    private ServerIdentity(PrivateKey tlsKey, X509Certificate certificate, PrivateKey orderKey, byte[] orderPublicKey) {
        this.tlsKey = tlsKey;
        this.certificate = certificate;
        this.orderKey = orderKey;
        this.orderPublicKey = orderPublicKey;
    }

    /// Reads the identity, or makes it when the folder has none.
    static ServerIdentity in(Path folder) throws IOException {
        Keys.privateFolder(folder);
        Path last = folder.resolve("order.pub");
        try {
            if (!Files.exists(last)) {
                make(folder);
            }
            PrivateKey tlsKey = KeyFactory.getInstance("EC")
                    .generatePrivate(new PKCS8EncodedKeySpec(Files.readAllBytes(folder.resolve("tls.key"))));
            byte[] der = Files.readAllBytes(folder.resolve("tls.crt"));
            var certificate = (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
            PrivateKey orderKey = Keys.privateKey(Files.readAllBytes(folder.resolve("order.key")));
            return new ServerIdentity(tlsKey, certificate, orderKey, Files.readAllBytes(last));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("keys in " + folder, e);
        }
    }

    private static void make(Path folder) throws GeneralSecurityException, OperatorCreationException, IOException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair tls = generator.generateKeyPair();
        var name = new X500Name("CN=Varve endpoint server");
        Instant start = Instant.now().minus(Duration.ofDays(1));
        var builder = new JcaX509v3CertificateBuilder(
                name,
                new BigInteger(127, new SecureRandom()),
                Date.from(start),
                Date.from(start.plus(VALID)),
                name,
                tls.getPublic());
        X509Certificate certificate = new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(tls.getPrivate())));
        KeyPair order = Keys.mint();
        Keys.write(folder.resolve("tls.key"), tls.getPrivate().getEncoded());
        Keys.write(folder.resolve("tls.crt"), certificate.getEncoded());
        Keys.write(folder.resolve("order.key"), order.getPrivate().getEncoded());
        Keys.write(folder.resolve("order.pub"), order.getPublic().getEncoded());
    }

    Digest fingerprint() {
        try {
            return Digest.of(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    byte[] orderPublicKey() {
        return orderPublicKey.clone();
    }

    byte[] signOrder(byte[] order) {
        return Keys.sign(orderKey, order);
    }

    SSLContext tls() throws IOException {
        try {
            char[] password = new char[0];
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, password);
            store.setKeyEntry("tls", tlsKey, password, new X509Certificate[] {certificate});
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS of the endpoint server", e);
        }
    }
}
