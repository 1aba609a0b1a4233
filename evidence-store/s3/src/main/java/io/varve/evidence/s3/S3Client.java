package io.varve.evidence.s3;

import com.google.common.collect.HashMultimap;
import com.google.common.collect.Multimap;
import io.minio.MinioAsyncClient;
import io.minio.Signer;
import io.minio.Time;
import io.minio.credentials.Credentials;
import io.minio.errors.ErrorResponseException;
import io.minio.errors.InsufficientDataException;
import io.minio.errors.InternalException;
import io.minio.errors.InvalidResponseException;
import io.minio.errors.MinioException;
import io.minio.errors.ServerException;
import io.minio.http.Method;
import io.varve.evidence.Digest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import okhttp3.Dispatcher;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/// The MinIO client, bound to one bucket, with what its own methods lack: bodies that are streamed under an announced
/// digest, conditions, and errors that are told apart.
final class S3Client extends MinioAsyncClient {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration SILENCE = Duration.ofMinutes(2);
    private static final int AT_ONCE = 64;

    private final S3Target target;

    private S3Client(MinioAsyncClient built, S3Target target) {
        super(built);
        this.target = target;
    }

    static S3Client of(S3Target target) {
        Dispatcher dispatcher = new Dispatcher(Executors.newVirtualThreadPerTaskExecutor());
        dispatcher.setMaxRequests(AT_ONCE);
        dispatcher.setMaxRequestsPerHost(AT_ONCE);
        OkHttpClient http = new OkHttpClient.Builder()
                .dispatcher(dispatcher)
                .connectTimeout(CONNECT)
                .readTimeout(SILENCE)
                .writeTimeout(SILENCE)
                .build();
        MinioAsyncClient built = MinioAsyncClient.builder()
                .endpoint(target.endpoint().toString())
                .region(target.region())
                .credentials(target.accessKey(), target.secretKey())
                .httpClient(http, true)
                .build();
        return new S3Client(built, target);
    }

    /// One request; repeated while the target is only out of breath, unless its body can be read only once.
    ///
    /// @param key of an object, or empty for the bucket itself
    /// @param query may name what is without value with an empty one
    /// @return to be closed
    Response call(
            Method method,
            String key,
            Map<String, String> headers,
            Map<String, String> query,
            Optional<SignedBody> body)
            throws IOException {
        return Attempts.of(
                () -> body.isEmpty() || body.get().repeatable(), () -> once(method, key, headers, query, body));
    }

    private Response once(
            Method method,
            String key,
            Map<String, String> headers,
            Map<String, String> query,
            Optional<SignedBody> body)
            throws IOException {
        Multimap<String, String> queries = HashMultimap.create();
        query.forEach(queries::put);
        try {
            return await(
                    method + " " + key,
                    executeAsync(
                            method,
                            target.bucket(),
                            nullIfEmpty(key),
                            target.region(),
                            Headers.of(headers),
                            queries,
                            orNull(body),
                            0));
        } catch (MinioException | GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    @SuppressWarnings("NullAway")
    private static String nullIfEmpty(String key) {
        return key.isEmpty() ? null : key;
    }

    @SuppressWarnings("NullAway")
    private static SignedBody orNull(Optional<SignedBody> body) {
        return body.orElse(null);
    }

    /// The result of a call of the MinIO client, its failures told apart.
    static <T> T await(String request, CompletableFuture<T> answer) throws IOException {
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(request);
        } catch (ExecutionException e) {
            throw failure(request, e.getCause() == null ? e : e.getCause());
        }
    }

    static IOException failure(String request, Throwable cause) {
        return switch (cause) {
            case CompletionException wrapped when wrapped.getCause() != null -> failure(request, wrapped.getCause());
            case ErrorResponseException error ->
                new S3Error(
                        request,
                        error.response().code(),
                        String.valueOf(error.errorResponse().code()),
                        String.valueOf(error.errorResponse().message()));
            case InvalidResponseException strange -> new S3Error(request, status(strange), "", strange.toString());
            case ServerException server -> new S3Error(request, server.statusCode(), "", server.toString());
            case IOException io -> io;
            default -> new IOException(request + ": " + cause, cause);
        };
    }

    /// The client tells the status of an answer without XML only in its text.
    private static int status(InvalidResponseException strange) {
        String text = String.valueOf(strange.getMessage());
        int at = text.indexOf("code: ");
        return at < 0 || text.length() < at + 9 ? 500 : Integer.parseInt(text.substring(at + 6, at + 9));
    }

    @Override
    public void close() throws IOException {
        try {
            super.close();
        } catch (IOException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while closing");
        } catch (Exception e) {
            throw new IOException(e);
        }
    }

    @Override
    protected Request createRequest(
            HttpUrl url, Method method, Headers headers, @Nullable Object body, int length, @Nullable Credentials keys)
            throws InsufficientDataException, InternalException, IOException, NoSuchAlgorithmException {
        Request request = super.createRequest(url, method, headers, body, length, keys);
        if (!(body instanceof SignedBody signed) || keys == null) {
            return request;
        }
        Digest digest = signed.sha256();
        Request.Builder announced = request.newBuilder()
                .header("x-amz-content-sha256", digest.hex())
                .header("x-amz-date", ZonedDateTime.now().format(Time.AMZ_DATE_FORMAT));
        if (keys.sessionToken() != null) {
            announced.header("X-Amz-Security-Token", keys.sessionToken());
        }
        try {
            return Signer.signV4S3(
                    announced.build(), target.region(), keys.accessKey(), keys.secretKey(), digest.hex());
        } catch (InvalidKeyException e) {
            throw new IOException(e);
        }
    }
}
