package org.plenum.signaling.token;

import static org.plenum.signaling.token.AccessException.unauthorized;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
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

  private static final String REVOKED = "revoked ";

  private static final Logger LOG = LoggerFactory.getLogger(Invitations.class);

  private final Map<String, Invitation> byId = new HashMap<>();
  private final InvitationFiles files;

  /// Those that were taken back, and when they would have expired: who missed it is told.
  private final Map<String, Long> revoked = new HashMap<>();

  private volatile Consumer<String> onDecided = _ -> {};
  private volatile Consumer<String> onUsed = _ -> {};

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
  public @Nullable Invitation make(RoomId room, Invitation.Wish wish, long nowSeconds) {
    Invitation made = makeHere(room, wish, nowSeconds);
    if (made != null) {
      onDecided.accept(InvitationFiles.text(made));
    }
    return made;
  }

  private synchronized @Nullable Invitation makeHere(
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
  public boolean revoke(RoomId room, String id) {
    Invitation invitation = revokeHere(room, id);
    if (invitation != null) {
      onDecided.accept(REVOKED + id + " " + invitation.expirySeconds());
    }
    return invitation != null;
  }

  private synchronized @Nullable Invitation revokeHere(RoomId room, String id) {
    Invitation invitation = byId.get(id);
    if (invitation == null || !invitation.room().equals(room)) {
      return null;
    }
    try {
      files.delete(invitation);
    } catch (IOException e) {
      throw new NotStoredException("the invitation holds: the server's disk did not take it", e);
    }
    byId.remove(id);
    revoked.put(id, invitation.expirySeconds());
    return invitation;
  }

  /// Who tells other nodes of this one's decisions: called with a line for [#take], before whoever
  /// made or revoked an invitation hears that it is done.
  public void onDecided(Consumer<String> listener) {
    onDecided = listener;
  }

  /// Who tells other nodes that a guest came by an invitation: called with a line for [#take]; must
  /// not block.
  public void onUsed(Consumer<String> listener) {
    onUsed = listener;
  }

  /// What other nodes need to know, in lines for [#take].
  ///
  /// @param after the invitation or revocation that the last page ended with; empty: from the first
  /// @param most how many lines
  public synchronized List<String> lines(String after, int most, long nowSeconds) {
    forgetExpired(nowSeconds);
    var lines = new TreeMap<String, String>();
    byId.forEach((id, each) -> lines.put(id, InvitationFiles.text(each)));
    revoked.forEach((id, expiry) -> lines.put(id, REVOKED + id + " " + expiry));
    return lines.tailMap(after, false).values().stream().limit(most).toList();
  }

  /// The id by which the next page of [#lines] begins after this line.
  public static String idOf(String line) {
    return line.startsWith(REVOKED) ? line.split(" ", -1)[1] : InvitationFiles.parse(line).id();
  }

  /// Another node made an invitation, or revoked one, or a guest came by it there. Throws
  /// IllegalArgumentException for a line that is none.
  public synchronized void take(String line, long nowSeconds) {
    if (line.startsWith(REVOKED)) {
      String[] words = line.split(" ", -1);
      if (words.length != 3) {
        throw new IllegalArgumentException("a revocation has an id and an expiry");
      }
      revoked.put(words[1], Long.parseLong(words[2]));
      Invitation gone = byId.remove(words[1]);
      if (gone != null) {
        deleteLater(gone, "was taken back");
      }
      return;
    }
    Invitation there = InvitationFiles.parse(line);
    Invitation here = byId.get(there.id());
    if (revoked.containsKey(there.id())
        || there.expirySeconds() <= nowSeconds
        || (here == null && byId.size() >= MOST)
        || (here != null && here.used() >= there.used())) {
      return;
    }
    byId.put(there.id(), there);
    try {
      files.write(there);
    } catch (IOException e) {
      LOG.error("a restart may forget an invitation that another node made: {}", e.toString());
    }
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
  String enter(String token, long nowSeconds) {
    String pass = enterHere(token, nowSeconds);
    told(token);
    return pass;
  }

  private synchronized String enterHere(String token, long nowSeconds) {
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

  private void told(String token) {
    Invitation invitation;
    synchronized (this) {
      invitation = byId.get(String.valueOf(Invitation.idOf(token)));
    }
    if (invitation != null) {
      onUsed.accept(InvitationFiles.text(invitation));
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
        deleteLater(each, "expired");
      }
    }
    revoked.values().removeIf(expiry -> expiry <= nowSeconds);
  }

  private void deleteLater(Invitation gone, String why) {
    try {
      files.delete(gone);
    } catch (IOException e) {
      LOG.warn("an invitation that {} stays on the disk: {}", why, e.toString());
    }
  }
}
