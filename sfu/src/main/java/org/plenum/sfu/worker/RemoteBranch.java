package org.plenum.sfu.worker;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.ice.candidate.Candidate;
import org.plenum.sfu.LeaveReason;
import org.plenum.sfu.Mid;
import org.plenum.sfu.NodeLine;
import org.plenum.sfu.ParticipantDetails;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.ParticipantStatistics;
import org.plenum.sfu.Playback;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RefusedException.Reason;
import org.plenum.sfu.RoomEvent;
import org.plenum.sfu.RoomListener;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.RoomSnapshot;
import org.plenum.sfu.SeatView;
import org.plenum.sfu.TransportAnswer;
import org.plenum.sfu.TransportOffer;
import org.plenum.sfu.node.Ages;
import org.plenum.sfu.node.NodeMessage;
import org.plenum.sfu.node.RecordForm;
import org.plenum.sfu.receive.PacketRing;
import org.plenum.sfu.relay.LineTerms;
import org.plenum.sfu.relay.PacketLine;
import org.plenum.sfu.relay.RelayEnd;
import org.plenum.sfu.relay.RelayMessage;
import org.plenum.sfu.room.RoomCommand;
import org.plenum.sfu.srtp.SrtpKeys;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A branch of a room of ours on another node, as the owner's node sees it: what is about its
/// participants' media goes there over a line, and what happens to them comes back. When the line
/// ends, whoever was there has lost their media, and is told so here. Any thread.
final class RemoteBranch implements PartHandle, NodeLine.Listener {
  private static final Logger log = LoggerFactory.getLogger(RemoteBranch.class);
  private static final SecureRandom RANDOM = new SecureRandom();

  /// A node that has not answered by then does not.
  private static final long PATIENCE_SECONDS = 10;

  private final Worker worker;
  private final WorkerRoom owner;
  private final Consumer<RemoteBranch> onDecided;
  private final NodeMessage.Open opening;
  private final Map<Long, Guest> guests = new ConcurrentHashMap<>();
  private final Map<Long, CompletableFuture<NodeMessage.Answer>> asked = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private volatile @Nullable NodeLine line;
  private volatile @Nullable NodeOutbox outbox;
  private volatile @Nullable RelayEnd end;
  private boolean isHeardHere;
  private boolean isHeardThere;
  private boolean decided;
  private boolean closed;

  /// Somebody who is at home there, or is to be.
  private record Guest(RoomListener listener, CompletableFuture<RoomSnapshot> result) {}

  /// @param worker of the owner
  /// @param host where other nodes reach this one's media ports
  /// @param onDecided called once, when it is open or will not be
  RemoteBranch(
      Worker worker,
      WorkerRoom owner,
      RoomSettings settings,
      InetAddress host,
      Consumer<RemoteBranch> onDecided) {
    this.worker = worker;
    this.owner = owner;
    this.onDecided = onDecided;
    this.opening =
        new NodeMessage.Open(
            NodeMessage.VERSION,
            owner.id(),
            settings,
            new InetSocketAddress(host, worker.port()),
            RANDOM.nextInt(),
            RANDOM.nextInt(),
            random(LineTerms.PROFILE.keyBytes()),
            random(LineTerms.PROFILE.saltBytes()),
            random(LineTerms.PROFILE.keyBytes()),
            random(LineTerms.PROFILE.saltBytes()));
  }

  private static byte[] random(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return random;
  }

  /// Asks the node at the other end.
  ///
  /// @param to null: there is none
  void begin(@Nullable NodeLine to) {
    if (to == null) {
      decide();
      return;
    }
    line = to;
    var made = new NodeOutbox(to);
    outbox = made;
    made.send(opening);
    CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .execute(
            () -> {
              if (!isDecided()) {
                silent();
              }
            });
  }

  private synchronized boolean isDecided() {
    return decided;
  }

  private void decide() {
    synchronized (this) {
      if (decided) {
        return;
      }
      decided = true;
    }
    onDecided.accept(this);
  }

  /// The owner's end of the relay; null while it is not open.
  @Nullable RelayEnd end() {
    return end;
  }

  /// The node that it is on; empty before there is one.
  String node() {
    NodeLine to = line;
    return to == null ? "" : to.node();
  }

  boolean isBusy() {
    NodeLine to = line;
    return to == null || to.isBusy();
  }

  @Override
  public synchronized boolean isClosed() {
    return closed;
  }

  /// The room has closed.
  void roomClosed() {
    end(LeaveReason.CLOSED);
    close();
  }

  private void close() {
    NodeOutbox open = outbox;
    if (open != null) {
      open.close();
    }
  }

  private void send(NodeMessage message) {
    NodeOutbox open = outbox;
    if (open != null) {
      open.send(message);
    }
  }

  /// What the owner tells the branch. Worker's thread.
  private void tell(RelayMessage message) {
    if (message
        instanceof
        RelayMessage.Admitted(
            var request,
            long admission,
            var silenced,
            int hidden,
            var listener,
            var result)) {
      guests.put(admission, new Guest(listener, result));
      if (isClosed()) {
        lose(admission, LeaveReason.MEDIA_LOST);
      } else {
        send(new NodeMessage.Admit(request, admission, silenced, hidden));
      }
    } else {
      send(new NodeMessage.Told(Ages.turn(message, System.nanoTime())));
    }
  }

  @Override
  public void onMessage(byte[] bytes) {
    NodeMessage message = RecordForm.read(NodeMessage.class, bytes);
    RelayEnd open = end;
    switch (message) {
      case null -> log.debug("node {} said something that is not known here", node());
      case NodeMessage.Opened(var media) -> opened(media);
      case NodeMessage.Heard _ -> heard(false);
      case NodeMessage.NotOpened(var why) -> {
        log.atInfo()
            .addKeyValue("room", owner.id())
            .addKeyValue("node", node())
            .log("another node takes no part: {}", why);
        close();
      }
      case NodeMessage.Told(RelayMessage.Closed _) -> close();
      case NodeMessage.Told(var told) -> {
        if (open != null) {
          post(open, Ages.turn(told, System.nanoTime()));
        }
      }
      case NodeMessage.Entered(long admission, var snapshot) -> {
        Guest guest = guests.get(admission);
        if (guest != null) {
          guest.result.complete(snapshot);
        }
      }
      case NodeMessage.Happened(long admission, var event) -> happened(admission, event);
      case NodeMessage.Answered(long id, var answer) -> {
        CompletableFuture<NodeMessage.Answer> waiting = asked.remove(id);
        if (waiting != null) {
          waiting.complete(answer);
        }
      }
      case NodeMessage.Open _, NodeMessage.Admit _, NodeMessage.Asked _ ->
          log.warn("node {} speaks as if it owned the room", node());
    }
  }

  private void post(RelayEnd to, RelayMessage message) {
    worker.add(owner, new RoomCommand.Relayed(to, message));
  }

  private void opened(InetSocketAddress media) {
    if (end != null || isClosed()) {
      return;
    }
    var out = new PacketRing();
    var in = new PacketRing();
    var keys =
        new SrtpKeys(
            LineTerms.PROFILE,
            opening.branchKey(),
            opening.branchSalt(),
            opening.ownerKey(),
            opening.ownerSalt());
    var terms = new LineTerms(media, opening.ownerSsrc(), opening.branchSsrc(), keys);
    var packets = new PacketLine(terms, out, in, this::tell, new Watch());
    var made = new RelayEnd(out, in, this::tell, packets);
    end = made;
    worker.add(owner, new RoomCommand.Attach(made));
  }

  /// Nobody is placed there before datagrams pass both ways.
  private void heard(boolean here) {
    synchronized (this) {
      isHeardHere |= here;
      isHeardThere |= !here;
      if (!isHeardHere || !isHeardThere) {
        return;
      }
    }
    decide();
  }

  private final class Watch implements PacketLine.Watcher {
    @Override
    public void onHeard() {
      heard(true);
    }

    @Override
    public void onSilent() {
      silent();
    }
  }

  private void silent() {
    log.atWarn()
        .addKeyValue("room", owner.id())
        .log(
            "no datagrams come from node {}: the nodes' media ports must reach each other by UDP",
            node());
    close();
  }

  /// That it ends is said by the end of the line: only then it is known why.
  private void happened(long admission, RoomEvent event) {
    Guest guest = guests.get(admission);
    if (guest == null) {
      return;
    }
    if (event instanceof RoomEvent.Removed(LeaveReason reason)) {
      if (reason == LeaveReason.CLOSED) {
        return;
      }
      guests.remove(admission);
    }
    guest.listener.onEvent(event);
  }

  @Override
  public void onClosed() {
    RelayEnd open = end;
    if (end(LeaveReason.MEDIA_LOST) && open != null) {
      log.atWarn()
          .addKeyValue("room", owner.id())
          .log("the room's part on node {} is lost", node());
      post(open, new RelayMessage.Lost());
    }
    close();
    decide();
  }

  /// Nothing comes from there any more.
  ///
  /// @return false if it had ended
  private boolean end(LeaveReason reason) {
    synchronized (this) {
      if (closed) {
        return false;
      }
      closed = true;
    }
    for (Long admission : List.copyOf(guests.keySet())) {
      lose(admission, reason);
    }
    for (Long id : List.copyOf(asked.keySet())) {
      CompletableFuture<NodeMessage.Answer> waiting = asked.remove(id);
      if (waiting != null) {
        waiting.complete(unreachable());
      }
    }
    return true;
  }

  private void lose(long admission, LeaveReason reason) {
    Guest guest = guests.remove(admission);
    if (guest == null) {
      return;
    }
    boolean wasOutside =
        guest.result.completeExceptionally(
            new RefusedException(Reason.RESTARTING, "the node of this part of the room is gone"));
    if (!wasOutside) {
      guest.listener.onEvent(new RoomEvent.Removed(reason));
    }
  }

  private static NodeMessage.Refused unreachable() {
    return new NodeMessage.Refused(
        Reason.OVERLOADED, "the node of this part of the room does not answer");
  }

  private CompletableFuture<NodeMessage.Answer> ask(NodeMessage.Question question) {
    var answer = new CompletableFuture<NodeMessage.Answer>();
    if (isClosed()) {
      answer.complete(unreachable());
      return answer;
    }
    long id = ids.incrementAndGet();
    asked.put(id, answer);
    CompletableFuture<NodeMessage.Answer> bounded =
        answer
            .completeOnTimeout(unreachable(), PATIENCE_SECONDS, TimeUnit.SECONDS)
            .whenComplete((_, _) -> asked.remove(id));
    send(new NodeMessage.Asked(id, question));
    return bounded;
  }

  /// What is asked nobody answers.
  private void say(NodeMessage.Question question) {
    send(new NodeMessage.Asked(0, question));
  }

  private static RefusedException refusal(NodeMessage.Answer answer) {
    return answer instanceof NodeMessage.Refused(var reason, var message)
        ? new RefusedException(reason == null ? Reason.OVERLOADED : reason, message)
        : new RefusedException(Reason.OVERLOADED, "the node's answer is to another question");
  }

  private CompletableFuture<TransportAnswer> askTransport(NodeMessage.Question question) {
    return ask(question)
        .thenApply(
            answer -> {
              if (answer instanceof NodeMessage.Negotiated(var transport)) {
                return transport;
              }
              throw refusal(answer);
            });
  }

  /// Passwords of another node's TURN server are not known here.
  @Override
  public List<Candidate> places(ParticipantId participant) {
    return List.of();
  }

  @Override
  public CompletableFuture<TransportAnswer> negotiate(
      ParticipantId participant, TransportOffer offer) {
    return askTransport(new NodeMessage.Negotiate(participant, offer));
  }

  @Override
  public CompletableFuture<TransportAnswer> restartIce(
      ParticipantId participant, IceCredentials remote) {
    return askTransport(new NodeMessage.RestartIce(participant, remote));
  }

  @Override
  public void view(ParticipantId viewer, List<SeatView> seats) {
    say(new NodeMessage.View(viewer, seats));
  }

  @Override
  public void mute(ParticipantId publisher, Mid mid, boolean muted) {
    say(new NodeMessage.Mute(publisher, mid, muted));
  }

  @Override
  public void rename(ParticipantId participant, String name) {
    say(new NodeMessage.Rename(participant, name));
  }

  @Override
  public void report(ParticipantId viewer, Playback playback) {
    say(new NodeMessage.Report(viewer, playback));
  }

  @Override
  public CompletableFuture<RoomSnapshot> snapshot(ParticipantId participant) {
    return ask(new NodeMessage.Snapshot(participant))
        .thenApply(
            answer -> {
              if (answer instanceof NodeMessage.Shown(var snapshot)) {
                return snapshot;
              }
              throw refusal(answer);
            });
  }

  @Override
  public CompletableFuture<ParticipantStatistics> statistics(ParticipantId participant) {
    return ask(new NodeMessage.Statistics(participant))
        .thenApply(
            answer -> {
              if (answer instanceof NodeMessage.Counted(var statistics)) {
                return statistics;
              }
              throw refusal(answer);
            });
  }

  @Override
  public CompletableFuture<List<ParticipantDetails>> participants() {
    return ask(new NodeMessage.Participants())
        .thenApply(
            answer -> {
              if (answer instanceof NodeMessage.Listed(var participants)) {
                return participants;
              }
              throw refusal(answer);
            });
  }
}
