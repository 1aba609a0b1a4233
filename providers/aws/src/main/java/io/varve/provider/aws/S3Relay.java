package io.varve.provider.aws;

import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import io.varve.provider.collector.relay.Relay;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

/// Objects of one capture in a bucket, below `varve-relay/CAPTURE/`. The host gets addresses that are signed for one
/// object and one method and for fifteen minutes; they end earlier where the session of our role does.
final class S3Relay implements Relay {
    static final String PREFIX = "varve-relay/";

    private static final Duration VALID = Duration.ofMinutes(15);

    private final Place place;
    private final String bucket;
    private final String prefix;

    S3Relay(Place place, String bucket, String capture) {
        this.place = place;
        this.bucket = bucket;
        this.prefix = PREFIX + capture + "/";
    }

    @Override
    public String text() {
        return "s3://%s/%s".formatted(bucket, prefix);
    }

    private S3Presigner presigner() {
        var builder = S3Presigner.builder()
                .region(software.amazon.awssdk.regions.Region.of(place.region()))
                .credentialsProvider(place.credentials())
                .serviceConfiguration(S3Configuration.builder()
                        .pathStyleAccessEnabled(place.endpoint().isPresent())
                        .build());
        place.endpoint().ifPresent(builder::endpointOverride);
        return builder.build();
    }

    @Override
    public URI source(String name) throws ProviderException {
        try (S3Presigner presigner = presigner()) {
            return presigner
                    .presignGetObject(request -> request.signatureDuration(VALID)
                            .getObjectRequest(get -> get.bucket(bucket).key(prefix + name)))
                    .url()
                    .toURI();
        } catch (SdkException | URISyntaxException e) {
            throw unsigned(e);
        }
    }

    @Override
    public URI target(String name) throws ProviderException {
        try (S3Presigner presigner = presigner()) {
            return presigner
                    .presignPutObject(request -> request.signatureDuration(VALID)
                            .putObjectRequest(put -> put.bucket(bucket).key(prefix + name)))
                    .url()
                    .toURI();
        } catch (SdkException | URISyntaxException e) {
            throw unsigned(e);
        }
    }

    private static ProviderException unsigned(Exception e) {
        return new ProviderException(Kind.FAILED, "an address of the bucket cannot be signed: " + e.getMessage());
    }

    @Override
    public Map<String, String> headers() {
        return Map.of();
    }

    @Override
    public void put(String name, byte[] content) throws ProviderException {
        try (S3Client s3 = place.s3()) {
            s3.putObject(request -> request.bucket(bucket).key(prefix + name), RequestBody.fromBytes(content));
        } catch (SdkException e) {
            throw Errors.of("writing to " + text(), e);
        }
    }

    @Override
    public void fetch(String name, Path local, long most) throws ProviderException, IOException {
        try (S3Client s3 = place.s3();
                ResponseInputStream<GetObjectResponse> in =
                        s3.getObject(request -> request.bucket(bucket).key(prefix + name));
                OutputStream out = Files.newOutputStream(local)) {
            copy(in, out, most);
            in.abort();
        } catch (NoSuchKeyException e) {
            throw new ProviderException(Kind.NOT_FOUND, "the host did not write %s%s".formatted(text(), name));
        } catch (SdkException e) {
            throw Errors.of("reading from " + text(), e);
        }
    }

    private static void copy(InputStream in, OutputStream out, long most) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long left = most;
        while (left > 0) {
            int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (count < 0) {
                return;
            }
            out.write(buffer, 0, count);
            left -= count;
        }
    }

    @Override
    public void remove(String name) throws ProviderException {
        try (S3Client s3 = place.s3()) {
            s3.deleteObject(request -> request.bucket(bucket).key(prefix + name));
        } catch (SdkException e) {
            throw Errors.of("removing from " + text(), e);
        }
    }

    @Override
    public List<String> clear() throws ProviderException {
        var removed = new ArrayList<String>();
        try (S3Client s3 = place.s3()) {
            s3.listObjectsV2Paginator(request -> request.bucket(bucket).prefix(prefix)).contents().stream()
                    .map(object -> object.key())
                    .forEach(key -> {
                        s3.deleteObject(request -> request.bucket(bucket).key(key));
                        removed.add(key);
                    });
            return removed;
        } catch (SdkException e) {
            throw Errors.of("removing what is left in " + text(), e);
        }
    }
}
