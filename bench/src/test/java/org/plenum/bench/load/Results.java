package org.plenum.bench.load;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Results that no run measured.
final class Results {
  private static final LoadResult.Server SERVER =
      new LoadResult.Server(5, 4, 30, 40, 200, 100, 40, 30, 50, 40);

  private Results() {}

  static LoadResult measured() {
    return result(SERVER, 1000);
  }

  static LoadResult withoutServer() {
    return result(null, 1000);
  }

  static LoadResult withoutMedia() {
    return result(SERVER, 0);
  }

  private static LoadResult result(LoadResult.@Nullable Server server, long expected) {
    long delivered = expected * 995 / 1000;
    return new LoadResult(
        "1 -> 3",
        "AEAD_AES_128_GCM",
        "WEBSOCKET",
        10,
        5,
        4,
        0,
        99.5,
        true,
        100,
        new LoadResult.Delays(1, 5, 10, 20),
        new LoadResult.Delays(0, 0, 0, 0),
        new LoadResult.Delays(3, 4, 5, 6),
        server,
        new LoadResult.Load(1, 1, 1, 0),
        new LoadResult.Details(
            expected, delivered, delivered, 0, 5, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0),
        List.of(),
        List.of(
            new LoadResult.Second(1, 4, 10, null, null, null, 5.0, 100.0),
            new LoadResult.Second(2, 4, 100, 100.0, 1.5, 5.0, 40.0, 110.0),
            new LoadResult.Second(3, 4, 100, 99.0, 1.0, 4.0, 40.0, 110.0)),
        new LoadResult.Browsers(1, 19.5, 0, 0, 300));
  }
}
