package org.plenum.sfu.transport;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.port.MediaPort;
import org.plenum.ice.port.PathTable;

/// Which transport of a worker a datagram belongs to: by the ufrag it names, or by the path that an
/// authenticated request came over. Worker's thread only.
public final class TransportRegistry {
  private final MediaPort port;
  private final PathTable<Transport> paths = new PathTable<>();
  private final Map<String, Transport> byUfrag = new HashMap<>();
  private int count;

  TransportRegistry(MediaPort port) {
    this.port = port;
  }

  /// The transports by validated path.
  public PathTable<Transport> paths() {
    return paths;
  }

  /// The transport that gave out this local ufrag, or null.
  public @Nullable Transport byUfrag(String ufrag) {
    return byUfrag.get(ufrag);
  }

  /// Transports that are open.
  public int count() {
    return count;
  }

  void onOpened() {
    count++;
  }

  void onClosed() {
    count--;
  }

  /// Requests for this local ufrag are this transport's, over TCP too.
  void register(String ufrag, Transport transport) {
    byUfrag.put(ufrag, transport);
    port.expect(ufrag);
  }

  void unregister(String ufrag) {
    byUfrag.remove(ufrag);
    port.forget(ufrag);
  }

  /// Takes a path from a transport that no longer needs it; a TCP connection closes.
  void release(NetworkPath path, Transport transport) {
    if (paths.remove(path, transport) && path.connection() != 0) {
      port.disconnect(path.connection());
    }
  }
}
