package org.plenum.sfu.worker;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.NodeLine;
import org.plenum.sfu.RefusedException;
import org.plenum.sfu.RefusedException.Reason;
import org.plenum.sfu.RoomId;
import org.plenum.sfu.RoomObserver;
import org.plenum.sfu.RoomSnapshot;
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

/// A branch here of a room that another node owns. It does what the owner asks, and ends with the
/// line to it. Calls come one after another.
final class HostedBranch implements NodeLine.Listener {
  private static final Logger log = LoggerFactory.getLogger(HostedBranch.class);

  private final Function<RoomId, @Nullable Worker> workers;
  private final InetAddress host;
  private final NodeLine line;
  private final NodeOutbox outbox;
  private @Nullable Hosted hosted;

  /// Once it is open.
  private record Hosted(Worker worker, WorkerRoom room, RelayEnd toOwner) {
    void tell(RelayMessage message) {
      worker.add(room, new RoomCommand.Relayed(toOwner, message));
    }
  }

  /// @param workers finds one for a branch of this room; null: none has time
  /// @param host where other nodes reach this one's media ports
  HostedBranch(Function<RoomId, @Nullable Worker> workers, InetAddress host, NodeLine line) {
    this.workers = workers;
    this.host = host;
    this.line = line;
    this.outbox = new NodeOutbox(line);
  }

  @Override
  public void onMessage(byte[] bytes) {
    NodeMessage message = RecordForm.read(NodeMessage.class, bytes);
    Hosted here = hosted;
    if (message instanceof NodeMessage.Open open && here == null) {
      open(open);
    } else if (message == null || here == null) {
      log.debug("node {} said something that is not known here", line.node());
    } else {
      onMessage(here, message);
    }
  }

  private void onMessage(Hosted here, NodeMessage message) {
    switch (message) {
      case NodeMessage.Told(var told) -> here.tell(Ages.turn(told, System.nanoTime()));
      case NodeMessage.Admit admit -> here.tell(admitted(admit));
      case NodeMessage.Asked(long id, var question) -> answer(here.room, id, question);
      case NodeMessage.Open _,
          NodeMessage.Opened _,
          NodeMessage.Heard _,
          NodeMessage.NotOpened _,
          NodeMessage.Entered _,
          NodeMessage.Happened _,
          NodeMessage.Answered _ ->
          log.warn("node {} speaks as if this one owned the room", line.node());
    }
  }

  private void open(NodeMessage.Open open) {
    if (open.version() != NodeMessage.VERSION) {
      refuse("it speaks version " + open.version() + ", this node " + NodeMessage.VERSION);
      return;
    }
    Worker worker = workers.apply(open.room());
    if (worker == null) {
      refuse("no worker of this node has time");
      return;
    }
    var out = new PacketRing();
    var in = new PacketRing();
    var keys =
        new SrtpKeys(
            LineTerms.PROFILE,
            open.ownerKey(),
            open.ownerSalt(),
            open.branchKey(),
            open.branchSalt());
    var terms = new LineTerms(open.media(), open.branchSsrc(), open.ownerSsrc(), keys);
    var packets = new PacketLine(terms, out, in, this::tell, new Watch());
    var toOwner = new RelayEnd(out, in, this::tell, packets);
    var room = new WorkerRoom(open.room(), worker, new Ending());
    outbox.send(new NodeMessage.Opened(new InetSocketAddress(host, worker.port())));
    if (!worker.openBranch(room, open.settings(), toOwner)) {
      outbox.close();
      return;
    }
    hosted = new Hosted(worker, room, toOwner);
    log.atInfo()
        .addKeyValue("room", open.room())
        .addKeyValue("worker", worker.number())
        .log("this node takes a part of the room, whose owner is node {}", line.node());
  }

  private void refuse(String why) {
    outbox.send(new NodeMessage.NotOpened(why));
    outbox.close();
  }

  private final class Watch implements PacketLine.Watcher {
    @Override
    public void onHeard() {
      outbox.send(new NodeMessage.Heard());
    }

    @Override
    public void onSilent() {
      outbox.close();
    }
  }

  /// The branch has closed: the owner has been told everything.
  private final class Ending implements RoomObserver {
    @Override
    public void onClosed(RoomId room) {
      outbox.close();
    }
  }

  private void tell(RelayMessage message) {
    outbox.send(new NodeMessage.Told(Ages.turn(message, System.nanoTime())));
  }

  private RelayMessage admitted(NodeMessage.Admit admit) {
    var result = new CompletableFuture<RoomSnapshot>();
    long admission = admit.admission();
    var _ =
        result.thenAccept(snapshot -> outbox.send(new NodeMessage.Entered(admission, snapshot)));
    return new RelayMessage.Admitted(
        admit.request(),
        admission,
        admit.silenced(),
        admit.hidden(),
        event -> outbox.send(new NodeMessage.Happened(admission, event)),
        result);
  }

  private void answer(WorkerRoom room, long id, NodeMessage.Question question) {
    switch (question) {
      case NodeMessage.Negotiate(var who, var offer) ->
          reply(id, room.negotiate(who, offer), NodeMessage.Negotiated::new);
      case NodeMessage.RestartIce(var who, var remote) ->
          reply(id, room.restartIce(who, remote), NodeMessage.Negotiated::new);
      case NodeMessage.Snapshot(var who) -> reply(id, room.snapshot(who), NodeMessage.Shown::new);
      case NodeMessage.Statistics(var who) ->
          reply(id, room.statistics(who), NodeMessage.Counted::new);
      case NodeMessage.Participants _ -> reply(id, room.participants(), NodeMessage.Listed::new);
      case NodeMessage.View(var who, var seats) -> room.view(who, seats);
      case NodeMessage.Mute(var who, var mid, boolean muted) -> room.mute(who, mid, muted);
      case NodeMessage.Rename(var who, var name) -> room.rename(who, name);
      case NodeMessage.Report(var who, var playback) -> room.report(who, playback);
    }
  }

  private <T> void reply(
      long id, CompletableFuture<T> result, Function<T, NodeMessage.Answer> answer) {
    var _ =
        result.whenComplete(
            (value, refusal) ->
                outbox.send(
                    new NodeMessage.Answered(
                        id, refusal == null ? answer.apply(value) : refused(refusal))));
  }

  private static NodeMessage.Answer refused(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException wrapped && wrapped.getCause() != null
            ? wrapped.getCause()
            : failure;
    return cause instanceof RefusedException refusal
        ? new NodeMessage.Refused(refusal.reason(), "" + refusal.getMessage())
        : new NodeMessage.Refused(Reason.OVERLOADED, "a fault of the node's own");
  }

  @Override
  public void onClosed() {
    Hosted here = hosted;
    if (here != null && !here.room.isClosed()) {
      here.tell(new RelayMessage.Closed());
    }
    outbox.close();
  }
}
