package io.varve.emulator.aws;

import io.varve.emulator.kit.Call;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The control plane: `moto_server`, a process of its own that ends with us.
final class Moto implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Set<String> OURS =
            Set.of("host", "content-length", "connection", "expect", "upgrade", "http2-settings", "transfer-encoding");

    /// moto reads whom a request is from, and checks no signature.
    private static final String SIGNED =
            "AWS4-HMAC-SHA256 Credential=%s/20261127/%s/%s/aws4_request, SignedHeaders=host, Signature=0";

    private final Process process;
    private final URI url;
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Thread hook;

    private Moto(Process process, URI url) {
        this.process = process;
        this.url = url;
        this.hook = new Thread(this::kill);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    static boolean isInstalled() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "moto_server")));
    }

    static Moto start() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        ProcessBuilder server = new ProcessBuilder("moto_server", "-H", "127.0.0.1", "-p", Integer.toString(port))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        // else the default account has a thousand snapshots
        server.environment().put("MOTO_EC2_LOAD_DEFAULT_AMIS", "false");
        Process process = server.start();
        var moto = new Moto(process, URI.create("http://127.0.0.1:" + port));
        long end = System.nanoTime() + START.toNanos();
        while (!moto.answers(port)) {
            if (!process.isAlive() || System.nanoTime() > end) {
                moto.close();
                throw new IOException("moto_server does not start");
            }
        }
        return moto;
    }

    private boolean answers(int port) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            try {
                process.waitFor(50, TimeUnit.MILLISECONDS);
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                throw new IOException(stop);
            }
            return false;
        }
    }

    record Answer(int status, String type, byte[] bytes, Map<String, List<String>> headers) {
        String body() {
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /// @param page how many results a page may have, however many were asked for; 0 changes nothing
    Answer forward(Call call, int page) throws IOException {
        byte[] body = page == 0
                ? call.request().body()
                : call.request()
                        .text()
                        .replaceAll("(^|&)MaxResults=\\d+", "$1MaxResults=" + page)
                        .getBytes(StandardCharsets.UTF_8);
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(url + call.request().target()))
                .timeout(Duration.ofSeconds(60))
                .method(call.method(), HttpRequest.BodyPublishers.ofByteArray(body));
        call.request().headers().forEach((name, values) -> {
            if (!OURS.contains(name)) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return send(request.build());
    }

    /// The same call for another path.
    Answer forward(Call call, String path) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", call.request().header("authorization").orElse(""))
                .GET();
        return send(request.build());
    }

    /// A service that speaks JSON over paths.
    String rest(String accessKey, String region, String service, String method, String path, String body)
            throws IOException {
        Answer answer = send(HttpRequest.newBuilder(URI.create(url + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", SIGNED.formatted(accessKey, region, service))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build());
        if (answer.status() >= 300) {
            throw new IOException("moto: %s %s: %d %s".formatted(method, path, answer.status(), answer.body()));
        }
        return answer.body();
    }

    static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Asks for itself, in the account of this access key.
    String ask(String accessKey, String region, String service, Map<String, String> parameters) throws IOException {
        String form = parameters.entrySet().stream()
                .map(entry -> entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
                .collect(Collectors.joining("&"));
        return asked(accessKey, region, service, "application/x-www-form-urlencoded", "", form);
    }

    /// The same for services that speak JSON.
    String json(String accessKey, String region, String service, String target, String body) throws IOException {
        return asked(accessKey, region, service, "application/x-amz-json-1.1", target, body);
    }

    /// Makes a bucket.
    void bucket(String accessKey, String region, String name) throws IOException {
        String place = region.equals("us-east-1")
                ? ""
                : "<CreateBucketConfiguration><LocationConstraint>%s</LocationConstraint></CreateBucketConfiguration>"
                        .formatted(region);
        bucket(accessKey, region, name, "PUT", place);
    }

    /// What is in a bucket.
    String listed(String accessKey, String region, String name) throws IOException {
        return bucket(accessKey, region, name + "?list-type=2", "GET", "");
    }

    /// @param name of a bucket, with what follows it in the address
    String bucket(String accessKey, String region, String name, String method, String body) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + "/" + name))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", SIGNED.formatted(accessKey, region, "s3"))
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            // as every client of today does
            request.header("x-amz-checksum-sha256", sha256(body)).header("x-amz-sdk-checksum-algorithm", "SHA256");
        }
        Answer answer = send(request.build());
        if (answer.status() >= 300) {
            throw new IOException("moto: bucket %s: %d %s".formatted(name, answer.status(), answer.body()));
        }
        return answer.body();
    }

    /// Puts an object of any bytes.
    void object(String accessKey, String region, String name, byte[] content) throws IOException {
        Answer answer = send(HttpRequest.newBuilder(URI.create(url + "/" + name))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", SIGNED.formatted(accessKey, region, "s3"))
                .header("x-amz-checksum-sha256", Base64.getEncoder().encodeToString(sha256(content)))
                .header("x-amz-sdk-checksum-algorithm", "SHA256")
                .PUT(HttpRequest.BodyPublishers.ofByteArray(content))
                .build());
        if (answer.status() >= 300) {
            throw new IOException("moto: object %s: %d %s".formatted(name, answer.status(), answer.body()));
        }
    }

    private static String sha256(String body) {
        return Base64.getEncoder().encodeToString(sha256(body.getBytes(StandardCharsets.UTF_8)));
    }

    private String asked(String accessKey, String region, String service, String type, String target, String body)
            throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(url)
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", SIGNED.formatted(accessKey, region, service))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (!target.isEmpty()) {
            request.header("X-Amz-Target", target);
        }
        Answer answer = send(request.build());
        if (answer.status() != 200) {
            throw new IOException("moto: %s %s: %d %s".formatted(target, body, answer.status(), answer.body()));
        }
        return answer.body();
    }

    private Answer send(HttpRequest request) throws IOException {
        try {
            HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return new Answer(
                    answer.statusCode(),
                    answer.headers().firstValue("content-type").orElse("text/xml"),
                    answer.body(),
                    answer.headers().map());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private void kill() {
        Stream.concat(process.descendants(), Stream.of(process.toHandle()))
                .toList()
                .forEach(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        kill();
        Runtime.getRuntime().removeShutdownHook(hook);
        client.close();
    }

    static List<String> all(String xml, String element) {
        return java.util.regex.Pattern.compile("<" + element + ">([^<]*)</" + element + ">")
                .matcher(xml)
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    static String one(String xml, String element) throws IOException {
        return all(xml, element).stream()
                .findFirst()
                .orElseThrow(() -> new IOException("no " + element + " in " + xml));
    }
}
