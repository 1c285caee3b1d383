package org.plenum.cluster;

import java.util.List;

/// What a node tells the others of itself, every second.
///
/// @param name as configured; one node at a time has it
/// @param id of this life of the node: a name that comes back is another one
/// @param urls by which clients reach the node itself; empty: only through the load balancer
/// @param media addresses that its media is offered at
/// @param region a label by which rooms may be placed; may be empty
/// @param version of the software
/// @param load of its workers, in thousandths
/// @param draining whether it takes no new rooms
/// @param millis its clock, since the epoch
public record NodeInfo(
    String name,
    String id,
    List<String> urls,
    List<String> media,
    String region,
    String version,
    int load,
    int rooms,
    int participants,
    boolean draining,
    long millis) {
  public NodeInfo {
    urls = List.copyOf(urls);
    media = List.copyOf(media);
  }
}
