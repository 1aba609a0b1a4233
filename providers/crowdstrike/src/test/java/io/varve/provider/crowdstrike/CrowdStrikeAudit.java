package io.varve.provider.crowdstrike;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.varve.emulator.crowdstrike.Client;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;

/// Reads the cloud's log of commands, as an auditor with a client of their own would.
final class CrowdStrikeAudit {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI base;
    private final Client client;

    CrowdStrikeAudit(io.varve.emulator.crowdstrike.CrowdStrike falcon, Client client) {
        this.base = falcon.url();
        this.client = client;
    }

    /// How many commands contain this text.
    int commands(String text) {
        String form = "client_id=%s&client_secret=%s".formatted(client.id(), client.secret());
        String token = send(HttpRequest.newBuilder(base.resolve("/oauth2/token"))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form)))
                .path("access_token")
                .asText();
        JsonNode sessions = send(HttpRequest.newBuilder(
                                base.resolve("/real-time-response-audit/combined/sessions/v1?with_command_info=true"))
                        .header("Authorization", "Bearer " + token))
                .path("resources");
        int found = 0;
        for (JsonNode log : sessions.findValues("command_string")) {
            found += log.asText().contains(text) ? 1 : 0;
        }
        return found;
    }

    private JsonNode send(HttpRequest.Builder request) {
        try {
            return JSON.readTree(
                    http.send(request.build(), BodyHandlers.ofString()).body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
