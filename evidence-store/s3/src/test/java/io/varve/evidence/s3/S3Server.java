package io.varve.evidence.s3;

import io.minio.http.Method;
import io.varve.evidence.Feature;
import io.varve.evidence.StoreSettings;
import io.varve.evidence.TestServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// The S3 servers that run on a test machine, each started once and ended with the tests.
enum S3Server {
    S3MOCK("S3Mock"),
    S3PROXY("s3proxy"),
    MOTO("moto"),
    RADOSGW("radosgw"),
    SEAWEEDFS("SeaweedFS");

    static final String KEY = "varve-test";
    static final String BUCKET = "evidence";
    static final String SECRET = "varve-test-secret";
    private static final Map<S3Server, Running> RUNNING = new EnumMap<>(S3Server.class);

    final String label;

    S3Server(String label) {
        this.label = label;
    }

    /// @param dialect what its probe found, in a bucket like those of the tests
    record Running(TestServer server, URI endpoint, S3Dialect dialect) {
        /// A place with nothing in it: one bucket for all, as some servers have room for few.
        S3Target emptyPlace() {
            return target(UUID.randomUUID() + "/");
        }

        /// The same as another process is told it.
        StoreSettings emptySettings() {
            return new StoreSettings(
                    "s3",
                    Map.of(
                            "endpoint",
                            endpoint.toString(),
                            "bucket",
                            BUCKET,
                            "prefix",
                            UUID.randomUUID().toString(),
                            "access-key",
                            KEY,
                            "secret-key",
                            SECRET));
        }

        S3Target target(String prefix) {
            return new S3Target(endpoint, "us-east-1", BUCKET, prefix, KEY, SECRET, Optional.empty());
        }
    }

    /// Starts it, or skips the test when it is not installed.
    static synchronized Running running(S3Server kind) throws IOException {
        Running running = RUNNING.get(kind);
        if (running == null) {
            running = start(kind);
            RUNNING.put(kind, running);
        }
        return running;
    }

    /// With locks where the server has them.
    private static void createBucket(S3Target target) throws IOException {
        try (S3Client client = S3Client.of(target)) {
            try {
                client.call(
                                Method.PUT,
                                "",
                                Map.of("x-amz-bucket-object-lock-enabled", "true"),
                                Map.of(),
                                Optional.empty())
                        .close();
            } catch (S3Error e) {
                if (e.status() != 501) {
                    throw e;
                }
                client.call(Method.PUT, "", Map.of(), Map.of(), Optional.empty())
                        .close();
            }
        }
    }

    private static Running start(S3Server kind) throws IOException {
        int port = TestServer.freePort();
        List<String> command = new ArrayList<>(command(kind, port, folder(kind)));
        Path folder = folder(kind);
        TestServer server = TestServer.start(kind.label, folder, command, () -> ready(kind, folder, port));
        var unknown = new Running(server, URI.create("http://127.0.0.1:" + port), S3Dialect.NOTHING);
        createBucket(unknown.target(""));
        return new Running(server, unknown.endpoint(), S3Probe.run(unknown.target("")));
    }

    private static boolean ready(S3Server kind, Path folder, int port) {
        return switch (kind) {
            case RADOSGW -> logged(folder.resolve(kind.label + ".log"), "ready");
            case SEAWEEDFS -> TestServer.listens(port) && takesABucket(port);
            case S3MOCK, S3PROXY, MOTO -> TestServer.listens(port);
        };
    }

    private static boolean logged(Path log, String word) {
        try {
            return Files.readString(log).contains(word);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean takesABucket(int port) {
        try {
            var target = new S3Target(
                    URI.create("http://127.0.0.1:" + port),
                    "us-east-1",
                    "ready-" + UUID.randomUUID(),
                    "",
                    KEY,
                    SECRET,
                    Optional.empty());
            createBucket(target);
            try (S3Client client = S3Client.of(target)) {
                var objects = new S3Objects(client, target, S3Dialect.NOTHING);
                objects.put("ready", SignedBody.of("ready", new byte[1]), Map.of());
            }
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static final Map<S3Server, Path> FOLDERS = new EnumMap<>(S3Server.class);

    private static Path folder(S3Server kind) throws IOException {
        Path folder = FOLDERS.get(kind);
        if (folder == null) {
            folder = Files.createTempDirectory("varve-" + kind.name().toLowerCase(java.util.Locale.ROOT));
            FOLDERS.put(kind, folder);
        }
        return folder;
    }

    private static List<String> command(S3Server kind, int port, Path folder) throws IOException {
        return switch (kind) {
            case S3MOCK ->
                List.of(
                        TestServer.java(),
                        "-Xmx384m",
                        "-cp",
                        TestServer.needs("S3Mock", "s3mock") + "/*",
                        "com.adobe.testing.s3mock.S3MockApplication",
                        "--com.adobe.testing.s3mock.httpPort=" + port,
                        "--server.port=0",
                        "--com.adobe.testing.s3mock.store.root=" + Files.createDirectories(folder.resolve("store")));
            case S3PROXY ->
                List.of(
                        TestServer.java(),
                        "-Xmx384m",
                        "-Dlogback.configurationFile=" + logback(folder),
                        "-cp",
                        TestServer.needs("s3proxy", "s3proxy") + "/*",
                        "org.gaul.s3proxy.Main",
                        "--properties",
                        s3proxy(folder, port).toString());
            case MOTO ->
                List.of(
                        TestServer.needsOneOf("moto", "moto_server").toString(),
                        "-H",
                        "127.0.0.1",
                        "-p",
                        Integer.toString(port));
            case RADOSGW -> {
                TestServer.needsProgram("radosgw", "radosgw");
                TestServer.needsProgram("radosgw", "ceph-osd");
                yield List.of(
                        Path.of(System.getProperty("varve.root", "../.."), "tests/servers/radosgw.sh")
                                .toAbsolutePath()
                                .toString(),
                        folder.toString(),
                        Integer.toString(port),
                        Integer.toString(TestServer.freePort()),
                        KEY,
                        SECRET);
            }
            case SEAWEEDFS ->
                List.of(
                        TestServer.needs("SeaweedFS", "python/bin/weed").toString(),
                        "server",
                        "-ip=127.0.0.1",
                        "-ip.bind=127.0.0.1",
                        "-dir=" + Files.createDirectories(folder.resolve("data")),
                        "-master.port=" + TestServer.freePort(),
                        "-master.port.grpc=" + TestServer.freePort(),
                        "-master.volumeSizeLimitMB=1024",
                        "-volume.port=" + TestServer.freePort(),
                        "-volume.port.grpc=" + TestServer.freePort(),
                        "-volume.max=100",
                        "-filer",
                        "-filer.port=" + TestServer.freePort(),
                        "-filer.port.grpc=" + TestServer.freePort(),
                        "-s3",
                        "-s3.port=" + port,
                        "-s3.port.grpc=" + TestServer.freePort(),
                        "-s3.port.iceberg=0",
                        "-s3.port.lance=0",
                        "-s3.config=" + seaweedKeys(folder));
        };
    }

    private static Path logback(Path folder) throws IOException {
        return Files.writeString(
                folder.resolve("logback.xml"),
                "<configuration><appender name=\"A\" class=\"ch.qos.logback.core.ConsoleAppender\"><encoder><pattern>"
                        + "%d %p %c %m%n</pattern></encoder></appender><root level=\"WARN\"><appender-ref ref=\"A\"/>"
                        + "</root></configuration>");
    }

    private static Path s3proxy(Path folder, int port) throws IOException {
        return Files.writeString(folder.resolve("s3proxy.conf"), """
            s3proxy.authorization=aws-v2-or-v4
            s3proxy.identity=%s
            s3proxy.credential=%s
            s3proxy.endpoint=http://127.0.0.1:%d
            s3proxy.v4-max-non-chunked-request-size=134217728
            jclouds.provider=filesystem-nio2
            jclouds.filesystem.basedir=%s
            """.formatted(
                        KEY, SECRET, port, Files.createDirectories(folder.resolve("data"))));
    }

    private static Path seaweedKeys(Path folder) throws IOException {
        return Files.writeString(
                folder.resolve("keys.json"),
                "{\"identities\":[{\"name\":\"varve\",\"credentials\":[{\"accessKey\":\"%s\",\"secretKey\":\"%s\"}],"
                                .formatted(KEY, SECRET)
                        + "\"actions\":[\"Admin\",\"Read\",\"Write\",\"List\",\"Tagging\"]}]}");
    }

    boolean can(Feature feature) throws IOException {
        return running(this).dialect().has(feature);
    }
}
