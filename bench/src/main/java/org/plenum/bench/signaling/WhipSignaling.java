package org.plenum.bench.signaling;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.plenum.bench.client.ClientPlan;
import org.plenum.bench.client.RelayUser;

/// WHIP (RFC 9725) for who publishes, WHEP for who views: an offer is posted, the session deleted
/// at the end; nothing stays open in between. A client of these either sends or receives.
public final class WhipSignaling implements ClientSignaling {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final HttpClient http = HttpClient.newHttpClient();
  private final Endpoints endpoints;
  private final @Nullable String token;

  /// @param token for servers that ask for one, else null
  public WhipSignaling(Endpoints endpoints, @Nullable String token) {
    this.endpoints = endpoints;
    this.token = token;
  }

  @Override
  public Session join(ClientPlan plan, String offer) throws IOException, InterruptedException {
    if (plan.publishes() && plan.seats() > 0) {
      throw new IllegalArgumentException(
          "a client of WHIP or WHEP sends or receives: a conference needs --protocol websocket");
    }
    URI endpoint = endpoints.of(plan);
    HttpResponse<String> response =
        http.send(
            request(endpoint)
                .timeout(PATIENCE)
                .header("Content-Type", "application/sdp")
                .POST(HttpRequest.BodyPublishers.ofString(offer))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 201) {
      throw new RefusedByServerException(
          endpoint + " answered " + response.statusCode() + ": " + response.body());
    }
    String location =
        response
            .headers()
            .firstValue("Location")
            .orElseThrow(() -> new RefusedByServerException(endpoint + " gave no Location"));
    return new Posted(this, endpoint.resolve(location), response.body());
  }

  private HttpRequest.Builder request(URI target) {
    HttpRequest.Builder request = HttpRequest.newBuilder(target);
    return token == null ? request : request.header("Authorization", "Bearer " + token);
  }

  @Override
  public void close() {
    http.close();
  }

  private record Posted(WhipSignaling signaling, URI session, String answer) implements Session {
    @Override
    public @Nullable RelayUser relay() {
      return null; // it would be in the answer's Link headers
    }

    @Override
    public void leave() {
      var request = signaling.request(session).timeout(PATIENCE).DELETE().build();
      try {
        signaling.http.send(request, HttpResponse.BodyHandlers.discarding());
      } catch (IOException e) {
        // The server finds out by ICE that we are gone.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
