package org.plenum.cluster.directory;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.plenum.cluster.DirectoryException;
import org.plenum.cluster.DirectoryException.Reason;
import org.plenum.cluster.RoomDirectory;
import org.plenum.cluster.RoomEntry;

/// The rules of ownership over a shared map.
///
/// A room is its owner's by the epoch in its entry. Every write compares the whole entry, so
/// whoever
/// took the room over has fenced the former owner. A write whose outcome is not known is read back.
/// Nodes without a quorum open nothing new; what they have they keep, until they see that somebody
/// else has it: then their people are sent there.
public final class ClaimedDirectory implements RoomDirectory {
  /// How often a write is tried that others, or the network, came in the way of.
  private static final int TRIES = 8;

  /// An entry of ours without a room here was claimed for somebody who never came.
  static final long UNOPENED_NANOS = 30_000_000_000L;

  /// The entry of a node that is gone waits so long for a client that comes back.
  static final long ORPHAN_NANOS = 600_000_000_000L;

  private static final int LOCKS = 64;

  private final String self;
  private final EntryStore store;
  private final Membership members;
  private final Supplier<String> lives;
  private final Consumer<Claim> onLost;
  private final BiConsumer<String, RoomEntry> onAbandoned;
  private final Map<String, Held> held = new ConcurrentHashMap<>();

  /// Claims that a write found to be over, until that is told.
  private final Set<Claim> lost = ConcurrentHashMap.newKeySet();

  /// Since when an entry is as it is that nobody serves; touched by [#review] alone.
  private final Map<String, Idle> idle = new HashMap<>();

  /// Each room has one of them, held while its entry is changed here.
  private final List<ReentrantLock> locks =
      java.util.stream.IntStream.range(0, LOCKS).mapToObj(_ -> new ReentrantLock()).toList();

  /// A room that this node serves, and its entry as we wrote it last.
  private record Held(Claim claim, RoomEntry entry) {}

  private record Idle(String text, long sinceNanos) {}

  /// @param lives makes a text that was never there before
  /// @param onLost somebody else owns a room that we serve: called without a lock
  /// @param onAbandoned a room that had been open is over without its owner: called without a lock
  public ClaimedDirectory(
      String self,
      EntryStore store,
      Membership members,
      Supplier<String> lives,
      Consumer<Claim> onLost,
      BiConsumer<String, RoomEntry> onAbandoned) {
    this.self = self;
    this.store = store;
    this.members = members;
    this.lives = lives;
    this.onLost = onLost;
    this.onAbandoned = onAbandoned;
  }

  @Override
  public @Nullable RoomEntry find(String room) {
    return RoomEntry.parse(store.get(room));
  }

  /// How many rooms this node serves.
  public int size() {
    return held.size();
  }

  @Override
  public RoomEntry claim(String room, String candidate) {
    for (int i = 0; i < TRIES; i++) {
      String text = store.get(room);
      RoomEntry entry = RoomEntry.parse(text);
      if (entry != null && members.isAlive(entry.node())) {
        return entry;
      }
      requireQuorum();
      RoomEntry next =
          entry == null ? new RoomEntry(candidate, 1, lives.get()) : entry.to(candidate);
      if (write(room, text, next)) {
        requireQuorum(); // else it was lost while we wrote: the others may not know of this
        return next;
      }
    }
    throw busy(room);
  }

  @Override
  public Claim open(String room) {
    ReentrantLock lock = lock(room);
    lock.lock();
    try {
      RoomEntry entry = claim(room, self);
      if (!entry.node().equals(self)) {
        throw notOwner(room, entry);
      }
      Held present = held.get(room);
      if (present != null && present.entry().epoch() > entry.epoch()) {
        entry = present.entry(); // our copy is behind what we wrote ourselves
      }
      if (present == null) {
        confirm(room, entry);
      }
      var claim = new Claim(room, entry);
      held.put(room, new Held(claim, entry));
      return claim;
    } finally {
      lock.unlock();
    }
  }

  /// A node that was cut off a moment ago, and does not know it, finds out here: the write ends
  /// only once all that it sees have it, or it sees them no more.
  private void confirm(String room, RoomEntry entry) {
    try {
      if (!store.confirm(room, entry.text())) {
        throw busy(room);
      }
    } catch (UnknownOutcomeException e) {
      throw busy(room);
    }
    requireQuorum();
  }

  @Override
  public void update(Claim claim, String state) {
    ReentrantLock lock = lock(claim.room());
    lock.lock();
    try {
      RoomEntry next = change(claim, entry -> entry.withState(state));
      held.put(claim.room(), new Held(claim, next));
    } finally {
      lock.unlock();
      tellIfLost(claim);
    }
  }

  @Override
  public RoomEntry move(Claim claim, String node) {
    ReentrantLock lock = lock(claim.room());
    lock.lock();
    try {
      RoomEntry next = change(claim, entry -> entry.to(node));
      held.remove(claim.room());
      return next;
    } finally {
      lock.unlock();
      tellIfLost(claim);
    }
  }

  /// Without a lock.
  private void tellIfLost(Claim claim) {
    if (lost.remove(claim)) {
      onLost.accept(claim);
    }
  }

  @Override
  public void release(Claim claim) {
    ReentrantLock lock = lock(claim.room());
    lock.lock();
    try {
      Held mine = held.get(claim.room());
      if (mine == null || mine.claim() != claim) {
        return;
      }
      held.remove(claim.room());
      store.remove(claim.room(), mine.entry().text());
    } catch (UnknownOutcomeException e) {
      // then it is found unopened later, and removed
    } finally {
      lock.unlock();
    }
  }

  /// Looks at all entries: once the members have changed, once parts have met again, and now and
  /// then. One thread at a time.
  public void review(long nowNanos) {
    for (String room : List.copyOf(held.keySet())) {
      Claim lost = assertOwn(room);
      if (lost != null) {
        onLost.accept(lost);
      }
    }
    Map<String, String> all = store.all();
    idle.keySet().retainAll(all.keySet());
    all.forEach((room, text) -> sweep(room, text, nowNanos));
  }

  /// Returns the claim if the room is another's.
  private @Nullable Claim assertOwn(String room) {
    ReentrantLock lock = lock(room);
    lock.lock();
    try {
      Held mine = held.get(room);
      if (mine == null) {
        return null;
      }
      String text = store.get(room);
      RoomEntry there = RoomEntry.parse(text);
      RoomEntry own = mine.entry();
      if (there != null && isOver(there, own)) {
        held.remove(room);
        return mine.claim();
      }
      if (there != null && there.equals(own)) {
        store.confirm(room, own.text());
      } else if (there != null && there.node().equals(self) && there.epoch() > own.epoch()) {
        held.put(room, new Held(mine.claim(), there));
      } else if (members.hasQuorum()) {
        write(room, text, own);
      }
      return null;
    } catch (UnknownOutcomeException e) {
      return null; // the next review sees what came of it
    } finally {
      lock.unlock();
    }
  }

  /// Whether what is there ends our hold: somebody took the room over.
  private boolean isOver(RoomEntry there, RoomEntry own) {
    if (there.node().equals(self)) {
      return !there.life().equals(own.life()) && there.epoch() >= own.epoch();
    }
    if (there.epoch() != own.epoch()) {
      return there.epoch() > own.epoch();
    }
    // Both began without the other: what the merge chose stays.
    return !there.equals(own);
  }

  /// Removes what nobody serves any more.
  private void sweep(String room, String text, long nowNanos) {
    RoomEntry entry = RoomEntry.parse(text);
    boolean mine = entry != null && entry.node().equals(self);
    boolean ours = mine && !held.containsKey(room);
    boolean orphan =
        !mine && members.isFirst() && (entry == null || !members.isAlive(entry.node()));
    if (!ours && !orphan) {
      idle.remove(room);
      return;
    }
    Idle since = idle.get(room);
    if (since == null || !since.text().equals(text)) {
      idle.put(room, new Idle(text, nowNanos));
      return;
    }
    if (nowNanos - since.sinceNanos() < (ours ? UNOPENED_NANOS : ORPHAN_NANOS)
        || !members.hasQuorum()) {
      return;
    }
    if (remove(room, text) && entry != null && (orphan || entry.epoch() > 1)) {
      onAbandoned.accept(room, entry);
    }
  }

  /// Returns false if it is served after all, or another entry is there, or nobody knows: the next
  /// review sees.
  private boolean remove(String room, String text) {
    ReentrantLock lock = lock(room);
    lock.lock();
    try {
      if (held.containsKey(room)) {
        return false;
      }
      boolean removed = store.remove(room, text);
      idle.remove(room);
      return removed;
    } catch (UnknownOutcomeException e) {
      return false;
    } finally {
      lock.unlock();
    }
  }

  private RoomEntry change(Claim claim, java.util.function.UnaryOperator<RoomEntry> change) {
    String room = claim.room();
    for (int i = 0; i < TRIES; i++) {
      Held mine = held.get(room);
      if (mine == null || mine.claim() != claim) {
        throw notOwner(room, find(room));
      }
      requireQuorum();
      RoomEntry next = change.apply(mine.entry());
      if (write(room, mine.entry().text(), next)) {
        requireQuorum();
        return next;
      }
      RoomEntry there = find(room);
      // By a write whose outcome we did not hear of: perhaps not every copy has it.
      if (next.equals(there) && write(room, next.text(), next)) {
        requireQuorum();
        return next;
      }
      if (there != null && !next.equals(there) && isOver(there, mine.entry())) {
        // Now, and not when it is reviewed: once the new owner has given the room up, nothing would
        // tell us that it was not ours any more.
        held.remove(room);
        lost.add(claim);
        throw notOwner(room, there);
      }
      if (there != null
          && there.node().equals(self)
          && there.epoch() == mine.entry().epoch()
          && !there.equals(mine.entry())) {
        held.put(room, new Held(claim, there)); // of an earlier one
      }
    }
    throw busy(room);
  }

  /// Returns false if something else is there, or nobody knows.
  ///
  /// @param old null: nothing is there
  private boolean write(String room, @Nullable String old, RoomEntry next) {
    try {
      return old == null
          ? store.putIfAbsent(room, next.text())
          : store.replace(room, old, next.text());
    } catch (UnknownOutcomeException e) {
      return false;
    }
  }

  private void requireQuorum() {
    if (!members.hasQuorum()) {
      throw new DirectoryException(
          Reason.NO_QUORUM,
          "this node sees too few of the others to open or change rooms: try again in a minute",
          null);
    }
  }

  private static DirectoryException notOwner(String room, @Nullable RoomEntry entry) {
    String owner = entry == null ? null : entry.node();
    return new DirectoryException(
        Reason.NOT_OWNER,
        "room " + room + " is on " + (owner == null ? "no node" : "node " + owner) + " now",
        owner);
  }

  private static DirectoryException busy(String room) {
    return new DirectoryException(
        Reason.BUSY, "the directory did not take the entry of room " + room + " in time", null);
  }

  private ReentrantLock lock(String room) {
    return locks.get(Math.floorMod(room.hashCode(), LOCKS));
  }
}
