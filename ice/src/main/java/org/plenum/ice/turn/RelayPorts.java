package org.plenum.ice.turn;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.plenum.ice.port.MediaPort;

/// The UDP ports from which one worker's relays reach the peers of direct calls: a share of
/// `turn.relay-ports`. What was given back is taken last, so that what still comes for the one who
/// had it finds nobody else (RFC 8656 §7.2). Worker's thread only.
public final class RelayPorts {
  /// There are none: relays lead to our own media only.
  public static final RelayPorts NONE = new RelayPorts(List.of(), 0);

  static final int NO_PORT = 0;

  /// Ports that are tried in a row, since another program may hold some.
  private static final int ATTEMPTS = 8;

  private final ArrayDeque<Integer> free;
  private final int end;

  private RelayPorts(List<Integer> ports, long seed) {
    List<Integer> shuffled = new ArrayList<>(ports);
    Collections.shuffle(shuffled, new Random(seed));
    free = new ArrayDeque<>(shuffled);
    end = ports.isEmpty() ? 0 : ports.getLast() + 1;
  }

  /// The share of one worker of several.
  ///
  /// @param first of all workers' ports
  /// @param last of all workers' ports
  /// @param worker 0 to `workers` - 1
  /// @param seed unknown to clients: they cannot tell which comes next (RFC 6056)
  public static RelayPorts share(int first, int last, int worker, int workers, long seed) {
    List<Integer> ports = new ArrayList<>();
    for (int port = first + worker; port <= last; port += workers) {
      ports.add(port);
    }
    return new RelayPorts(ports, seed);
  }

  /// Greater than all of them.
  int end() {
    return end;
  }

  /// Opens one.
  ///
  /// @return its number, [#NO_PORT] if there is none left
  int open(MediaPort at) {
    for (int i = Math.min(ATTEMPTS, free.size()); i > 0; i--) {
      int port = free.remove();
      if (at.openRelay(port)) {
        return port;
      }
      free.add(port);
    }
    return NO_PORT;
  }

  /// Closes what [#open] gave.
  void close(int port, MediaPort at) {
    at.closeRelay(port);
    free.add(port);
  }
}
