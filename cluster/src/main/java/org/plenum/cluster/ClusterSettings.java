package org.plenum.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a node finds the others.
///
/// @param name of this node; no other one may have it
/// @param secret that all nodes share
/// @param host literal address to listen on and to be reached at by other nodes
/// @param port for TCP
/// @param hosts HOST:PORT of nodes, this one may be among them; empty where `dns` is used
/// @param dns name whose A or AAAA records are the nodes, e.g. of a headless Service; or null
/// @param expected how many nodes there usually are: more than half of them make a quorum
public record ClusterSettings(
    String name,
    String secret,
    String host,
    int port,
    List<String> hosts,
    @Nullable String dns,
    int expected) {
  /// Shorter ones could be guessed.
  public static final int LEAST_SECRET = 32;

  public ClusterSettings {
    hosts = List.copyOf(hosts);
  }

  /// Whether so many nodes may open rooms.
  public boolean isQuorum(int nodes) {
    return nodes * 2 > expected;
  }

  /// Without what must never get into a log.
  @Override
  public String toString() {
    return "ClusterSettings[" + name + " at " + host + ":" + port + "]";
  }
}
