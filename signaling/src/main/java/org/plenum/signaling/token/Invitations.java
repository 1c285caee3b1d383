package org.plenum.signaling.token;

import static org.plenum.signaling.token.AccessException.unauthorized;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.RoomId;
import org.plenum.signaling.data.NotStoredException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The invitations that moderators have made. Given a directory, a restart does not forget them.
/// Any thread; blocks for the disk.
public final class Invitations {
  /// Of one room, and of all: more are refused.
  public static final int MOST_OF_ROOM = 100;

  static final int MOST = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(Invitations.class);

  private final Map<String, Invitation> byId = new HashMap<>();
  private final InvitationFiles files;

  /// Throws IllegalStateException with one sentence if the directory cannot be used.
  ///
  /// @param data null: in memory only
  Invitations(@Nullable Path data, long nowSeconds) {
    files = new InvitationFiles(data);
    files.read().forEach(each -> byId.put(each.id(), each));
    forgetExpired(nowSeconds);
  }

  /// Makes one, which is written down when this returns; null if there are too many. Throws
  /// NotStoredException if none was made.
  public synchronized @Nullable Invitation make(
      RoomId room, Invitation.Wish wish, long nowSeconds) {
    forgetExpired(nowSeconds);
    if (byId.size() >= MOST || of(room, nowSeconds).size() >= MOST_OF_ROOM) {
      return null;
    }
    Invitation made = Invitation.make(room, wish, nowSeconds);
    try {
      files.write(made);
    } catch (IOException e) {
      throw new NotStoredException("no invitation was made: the server's disk did not take it", e);
    }
    byId.put(made.id(), made);
    return made;
  }

  /// Those of a room that hold, the oldest first.
  public synchronized List<Invitation> of(RoomId room, long nowSeconds) {
    forgetExpired(nowSeconds);
    return byId.values().stream()
        .filter(each -> each.room().equals(room))
        .sorted(Comparator.comparing(Invitation::createdSeconds).thenComparing(Invitation::id))
        .toList();
  }

  /// It lets nobody in any more, nor do the passes of its guests, when this returns. Throws
  /// NotStoredException if it still holds.
  ///
  /// @return false if there is none
  public synchronized boolean revoke(RoomId room, String id) {
    Invitation invitation = byId.get(id);
    if (invitation == null || !invitation.room().equals(room)) {
      return false;
    }
    try {
      files.delete(invitation);
    } catch (IOException e) {
      throw new NotStoredException("the invitation holds: the server's disk did not take it", e);
    }
    byId.remove(id);
    return true;
  }

  /// What a token of an invitation lets its holder do. Throws AccessException.
  synchronized Token verify(String token, long nowSeconds) {
    Invitation invitation = find(token, nowSeconds);
    if (Invitation.isInvite(token) && invitation.once() && invitation.used() > 0) {
      throw unauthorized("the invitation was for one guest, who has come");
    }
    return invitation.admission(token);
  }

  /// A guest comes by the token of a link: the pass for them, which counts. Throws AccessException.
  synchronized String enter(String token, long nowSeconds) {
    verify(token, nowSeconds);
    Invitation invitation = find(token, nowSeconds);
    count(invitation, 1);
    return invitation.pass();
  }

  /// The guest who got this pass did not get into the room: it does not count.
  synchronized void withdraw(String pass) {
    Invitation invitation = byId.get(String.valueOf(Invitation.idOf(pass)));
    if (invitation != null) {
      count(invitation, -1);
    }
  }

  private Invitation find(String token, long nowSeconds) {
    Invitation invitation = byId.get(String.valueOf(Invitation.idOf(token)));
    if (invitation == null || !invitation.hasMade(token)) {
      throw unauthorized("there is no such invitation, or it was taken back");
    }
    if (invitation.expirySeconds() <= nowSeconds) {
      throw unauthorized(
          "the invitation expired at " + Instant.ofEpochSecond(invitation.expirySeconds()));
    }
    return invitation;
  }

  /// Where the disk does not take it, it holds until the server restarts.
  private void count(Invitation invitation, int guests) {
    Invitation counted = invitation.used(Math.max(0, invitation.used() + guests));
    byId.put(counted.id(), counted);
    try {
      files.write(counted);
    } catch (IOException e) {
      LOG.error("a restart may forget that an invitation was used: {}", e.toString());
    }
  }

  private void forgetExpired(long nowSeconds) {
    for (Invitation each : List.copyOf(byId.values())) {
      if (each.expirySeconds() <= nowSeconds) {
        byId.remove(each.id());
        try {
          files.delete(each);
        } catch (IOException e) {
          LOG.warn("an invitation that expired stays on the disk: {}", e.toString());
        }
      }
    }
  }
}
