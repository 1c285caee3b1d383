package org.plenum.ice.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.plenum.ice.NetworkPath;

class PathTableTest {
  private static final String A = "a";
  private static final String B = "b";

  private final ReceiveBatch batch = new ReceiveBatch();
  private final PathTable<String> table = new PathTable<>();

  /// Paths that all want the last places of a table of 512, so that runs go round its end.
  private static List<NetworkPath> paths(int colliding, int others) {
    List<NetworkPath> paths = new ArrayList<>();
    for (int port = 0; paths.size() < colliding; port++) {
      var path = new NetworkPath(port >>> 16, 7, port & 0xFFFF, 0, 9);
      if ((ReceiveBatch.hash(path) & 511) == 509) {
        paths.add(path);
      }
    }
    for (int i = 0; i < others; i++) {
      paths.add(new NetworkPath(0, NetworkPath.ipv4Mapped(i), 5_000 + i % 7, 0, i % 2));
    }
    return paths;
  }

  /// What a datagram that came over this path would be taken for.
  private @Nullable String find(NetworkPath path) {
    set("remoteHigh", path.remoteHigh());
    set("remoteLow", path.remoteLow());
    set("remotePort", path.remotePort());
    set("localHigh", path.localHigh());
    set("localLow", path.localLow());
    return table.find(batch, 3);
  }

  /// The port alone writes these, from its own package.
  private void set(String name, Object value) {
    try {
      Field field = ReceiveBatch.class.getDeclaredField(name);
      field.setAccessible(true);
      Array.set(field.get(batch), 3, value);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void behavesLikeAMapOfPaths() {
    var random = new Random(3);
    List<NetworkPath> paths = paths(60, 200);
    Map<NetworkPath, String> model = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      NetworkPath path = paths.get(random.nextInt(paths.size()));
      String owner = random.nextBoolean() ? A : B;
      if (random.nextInt(5) < 2) {
        table.put(path, owner);
        model.put(path, owner);
      } else {
        table.remove(path, owner);
        model.remove(path, owner);
      }
      assertEquals(model.size(), table.size());
      NetworkPath other = paths.get(random.nextInt(paths.size()));
      assertEquals(model.get(other), find(other));
    }
    paths.forEach(path -> assertEquals(model.get(path), find(path)));
  }

  @Test
  void pathThatChangedItsOwnerIsNotTakenOutByTheFormer() {
    var path = new NetworkPath(0, 1, 2, 3, 4);
    table.put(path, A);
    table.put(path, B);
    table.remove(path, A);
    assertEquals(B, find(path));
    assertEquals(1, table.size());
  }

  @Test
  void everyPartOfAPathCounts() {
    table.put(new NetworkPath(0, 1, 2, 3, 4), A);
    assertEquals(A, find(new NetworkPath(0, 1, 2, 3, 4)));
    for (var other :
        List.of(
            new NetworkPath(9, 1, 2, 3, 4),
            new NetworkPath(0, 9, 2, 3, 4),
            new NetworkPath(0, 1, 9, 3, 4),
            new NetworkPath(0, 1, 2, 9, 4),
            new NetworkPath(0, 1, 2, 3, 9))) {
      assertNull(find(other));
    }
  }
}
