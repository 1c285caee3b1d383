package org.plenum.signaling;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.plenum.metrics.Readiness.Condition;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.session.FakeRoom;
import org.plenum.signaling.session.SignalingCounters;
import org.plenum.signaling.session.TestTransports;

/// A server on free ports with fake rooms behind it.
final class TestServer implements AutoCloseable {
  final Map<RoomId, FakeRoom> rooms = new ConcurrentHashMap<>();
  private final PlenumServer server;

  /// @param ready whether what the SFU must do is done
  TestServer(boolean ready) {
    this(ready, ServerConfig.forTests());
  }

  TestServer(boolean ready, ServerConfig config) {
    server =
        PlenumServer.start(
            config,
            startup -> {
              if (ready) {
                startup.readiness().met(Condition.CRYPTO_TESTED);
                startup.readiness().met(Condition.CERTIFICATE_MADE);
                startup.readiness().met(Condition.MEDIA_PORTS_BOUND);
              }
              return (id, _, observer) ->
                  rooms.compute(
                      id,
                      (_, before) ->
                          before == null || before.isClosed()
                              ? new FakeRoom(id, observer)
                              : before);
            },
            TestTransports::negotiator);
  }

  FakeRoom room(String id) {
    return rooms.get(new RoomId(id));
  }

  String http(String path) {
    return "http://127.0.0.1:" + server.httpPort() + path;
  }

  String webSocket() {
    return "ws://127.0.0.1:" + server.httpPort() + "/ws";
  }

  String management(String path) {
    return "http://127.0.0.1:" + server.managementPort() + path;
  }

  void drain(Duration grace) throws InterruptedException {
    server.drain(grace);
  }

  SignalingCounters counters() {
    return server.counters();
  }

  int port() {
    return server.httpPort();
  }

  @Override
  public void close() {
    server.close();
  }
}
