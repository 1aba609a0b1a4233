package io.varve.provider.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.varve.provider.Connection;
import io.varve.provider.ProviderException;
import io.varve.provider.ProviderException.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// How the API server is reached and who we are there: from fields of the integration, or from a kubeconfig.
///
/// Of a kubeconfig only what it states itself is used: files of the worker are not read and no program is run for it.
///
/// @param ca certificates of the cluster's authority in PEM form; absent means the machine's own are believed
/// @param token bearer token; absent when a client certificate is used
/// @param certificate client certificate in PEM form
/// @param key its private key in PEM form
record Access(
        URI server, Optional<String> ca, Optional<String> token, Optional<String> certificate, Optional<String> key) {
    private static final List<String> FOREIGN = List.of(
            "exec",
            "auth-provider",
            "tokenFile",
            "client-certificate",
            "client-key",
            "username",
            "as",
            "certificate-authority",
            "insecure-skip-tls-verify",
            "proxy-url");

    static Access of(Connection connection) throws ProviderException {
        String kubeconfig = connection.secrets().getOrDefault("kubeconfig", "");
        Access access = kubeconfig.isBlank()
                ? new Access(
                        server(connection.required("api_server")),
                        connection.setting("ca"),
                        Optional.of(connection.secret("token").strip()),
                        Optional.empty(),
                        Optional.empty())
                : read(kubeconfig);
        return access.expectSafe();
    }

    private static URI server(String text) throws ProviderException {
        try {
            return URI.create(text.strip().replaceAll("/+$", ""));
        } catch (IllegalArgumentException e) {
            throw new ProviderException(Kind.REFUSED, "the API server's address is not one: " + e.getMessage());
        }
    }

    private Access expectSafe() throws ProviderException {
        String scheme = Optional.ofNullable(server.getScheme()).orElse("");
        String host = Optional.ofNullable(server.getHost()).orElse("");
        boolean isOwn = List.of("localhost", "127.0.0.1", "[::1]").contains(host);
        if (host.isEmpty() || !(scheme.equals("https") || (scheme.equals("http") && isOwn))) {
            throw new ProviderException(
                    Kind.REFUSED, "the API server must be reached by https (http only on this machine itself)");
        }
        return this;
    }

    private static Access read(String text) throws ProviderException {
        JsonNode root;
        try {
            root = new YAMLMapper().readTree(text);
        } catch (IOException e) {
            // its message could quote a secret
            throw new ProviderException(Kind.REFUSED, "the kubeconfig is not YAML");
        }
        JsonNode context = named(root, "contexts", root.path("current-context").asText(""), "context");
        JsonNode cluster = named(root, "clusters", context.path("cluster").asText(""), "cluster");
        JsonNode user = named(root, "users", context.path("user").asText(""), "user");
        for (String foreign : FOREIGN) {
            if (stated(cluster, foreign) || stated(user, foreign)) {
                throw new ProviderException(
                        Kind.REFUSED,
                        "the kubeconfig uses %s: give one that holds certificates and a token itself, see docs/providers/kubernetes"
                                .formatted(foreign));
            }
        }
        Optional<String> token = value(user, "token");
        Optional<String> certificate = decoded(user, "client-certificate-data");
        if (token.isEmpty() && certificate.isEmpty()) {
            throw new ProviderException(
                    Kind.REFUSED, "the kubeconfig's user has neither a token nor a client certificate");
        }
        return new Access(
                server(cluster.path("server").asText("")),
                decoded(cluster, "certificate-authority-data"),
                token,
                certificate,
                decoded(user, "client-key-data"));
    }

    private static boolean stated(JsonNode node, String name) {
        JsonNode value = node.path(name);
        return value.isContainerNode()
                || (!value.asText("").isEmpty() && !value.asText("").equals("false"));
    }

    private static JsonNode named(JsonNode root, String list, String name, String inside) throws ProviderException {
        for (JsonNode item : root.path(list)) {
            if (item.path("name").asText("").equals(name)) {
                return item.path(inside);
            }
        }
        throw new ProviderException(Kind.REFUSED, "the kubeconfig's current context has no entry in " + list);
    }

    private static Optional<String> value(JsonNode node, String name) {
        return Optional.of(node.path(name).asText("").strip()).filter(text -> !text.isEmpty());
    }

    private static Optional<String> decoded(JsonNode node, String name) throws ProviderException {
        Optional<String> text = value(node, name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new String(Base64.getMimeDecoder().decode(text.get()), StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException e) {
            throw new ProviderException(Kind.REFUSED, "%s of the kubeconfig is not base64".formatted(name));
        }
    }

    /// Secrets are left out.
    @Override
    public String toString() {
        return "Access[" + server + "]";
    }
}
