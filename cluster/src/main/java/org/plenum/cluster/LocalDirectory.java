package org.plenum.cluster;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// The directory of a server that is alone: in memory, and every room is its own.
public final class LocalDirectory implements RoomDirectory {
  private static final String SELF = "self";

  private final Map<String, Claim> claims = new ConcurrentHashMap<>();
  private final InstantSource clock;

  /// @param clock by which lives of rooms begin
  public LocalDirectory(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public @Nullable RoomEntry find(String room) {
    Claim claim = claims.get(room);
    return claim == null ? null : claim.entry();
  }

  @Override
  public RoomEntry claim(String room, String candidate) {
    return open(room).entry();
  }

  @Override
  public Claim open(String room) {
    var claim = new Claim(room, new RoomEntry(SELF, 1, Lives.begin(clock.instant())));
    claims.put(room, claim);
    return claim;
  }

  @Override
  public void update(Claim claim, String state) {
    claims.replace(claim.room(), claim, new Claim(claim.room(), claim.entry().withState(state)));
  }

  @Override
  public RoomEntry move(Claim claim, String node) {
    throw new DirectoryException(
        DirectoryException.Reason.NOT_OWNER, "this server has no other nodes", null);
  }

  @Override
  public void release(Claim claim) {
    claims.remove(claim.room(), claim);
  }
}
