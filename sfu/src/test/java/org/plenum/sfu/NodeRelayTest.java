package org.plenum.sfu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.plenum.ice.port.MediaPortKind;
import org.plenum.sfu.counters.WorkerCounters.Gauge;
import org.plenum.sfu.embed.Sfu;
import org.plenum.sfu.node.NodeMessage;
import org.plenum.sfu.testclient.Call;
import org.plenum.sfu.testclient.ClientSetup;
import org.plenum.sfu.testclient.ReceivedStream;
import org.plenum.sfu.testclient.SfuClient;

/// A room on two nodes, over real sockets and with real threads; between them a network that loses
/// and forges.
@Tag("slow")
class NodeRelayTest {
  /// Longer than a packet is asked for again by a node that did not get it.
  private static final long QUIET_NANOS = 500_000_000L;

  private static final Mid AUDIO = SfuClient.audioMid(0);
  private static final Mid VIDEO = SfuClient.videoMid(0);
  private static final InetAddress HOST = InetAddress.getLoopbackAddress();

  private final List<LossyWire> wires = new ArrayList<>();
  private Sfu near;
  private Sfu far;
  private volatile @Nullable NodePipe pipe;
  private boolean isOldVersion;
  private boolean isCut;

  /// Where the branch says that its media is; null: where it is.
  private @Nullable InetSocketAddress claimed;

  private int asked;

  @BeforeEach
  void start() {
    near = startOne();
    far = startOne();
    near.spreadOver(this::open, 1, HOST);
    far.spreadOver((_, _, _) -> null, 0, HOST);
  }

  private static Sfu startOne() {
    var config = new SfuConfig(1, 0, List.of("127.0.0.1"), List.of(), true, MediaPortKind.AUTO);
    return Sfu.start(config.withSpread(1));
  }

  @AfterEach
  void stop() {
    assertEquals(0, near.counters().value(SfuCounter.ROOMS_FAILED));
    assertEquals(0, far.counters().value(SfuCounter.ROOMS_FAILED));
    near.close();
    far.close();
    wires.forEach(LossyWire::close);
  }

  private @Nullable NodeLine open(RoomId room, Set<String> taken, NodeLine.Listener listener) {
    asked++;
    if (taken.contains("far")) {
      return null;
    }
    var made = new NodePipe(this::onTheWay);
    NodeLine.Listener branch = far.host(made.branch());
    assertNotNull(branch);
    made.begin(listener, branch);
    pipe = made;
    return made.owner();
  }

  /// Media takes the way over the wires.
  private NodeMessage onTheWay(NodeMessage message) {
    return switch (message) {
      case NodeMessage.Open open ->
          new NodeMessage.Open(
              isOldVersion ? 99 : open.version(),
              open.room(),
              open.settings(),
              wire(open.media()),
              open.ownerSsrc(),
              open.branchSsrc(),
              open.ownerKey(),
              open.ownerSalt(),
              open.branchKey(),
              open.branchSalt());
      case NodeMessage.Opened(var media) ->
          new NodeMessage.Opened(wire(claimed == null ? media : claimed));
      default -> message;
    };
  }

  private InetSocketAddress wire(InetSocketAddress to) {
    var wire = new LossyWire(to);
    wire.loss = isCut ? 1 : 0;
    wires.add(wire);
    return wire.address();
  }

  private static void send(SfuClient client) {
    client.audio.intervalMillis = 20;
    client.video.intervalMillis = 20;
  }

  private void awaitBranch(Call call) {
    call.await(
        "the other node has a part",
        () ->
            pipe != null
                && pipe.isHeard
                && near.counters().value(IngressVerdict.RELAY_ACCEPTED) > 0);
    assertEquals(1, near.counters().value(Gauge.NODE_RELAYS));
    assertEquals(1, far.counters().value(Gauge.NODE_RELAYS));
  }

  private SfuClient joinFar(Call call, String name, ClientSetup setup) {
    long before = far.counters().value(Gauge.PARTICIPANTS);
    SfuClient client = call.join(name, setup);
    assertEquals(before + 1, far.counters().value(Gauge.PARTICIPANTS), name + " is served there");
    return client;
  }

  @Test
  void mediaPassesBetweenNodesAndLossIsMendedOnTheWay() {
    try (var call = new Call(near)) {
      SfuClient alice = call.join("alice", ClientSetup.first());
      send(alice);
      awaitBranch(call);
      call.awaitFrames(alice.video, 20);
      SfuClient bob = joinFar(call, "bob", ClientSetup.second());
      send(bob);
      assertEquals(1, near.counters().value(Gauge.PARTICIPANTS));
      assertEquals(1, far.counters().value(Gauge.BRANCHES));
      assertEquals(0, far.counters().value(Gauge.ROOMS));
      for (SfuClient client : List.of(alice, bob)) {
        call.await(
            "60 packets each at " + client.id,
            () -> client.stream(AUDIO).count() >= 60 && client.stream(VIDEO).count() >= 60);
        assertTrue(client.stream(VIDEO).first().descriptor().isKeyFrameStart());
        assertEquals(0, client.stream(VIDEO).missing() + client.stream(VIDEO).duplicates);
        assertEquals(0, client.stream(AUDIO).missing() + client.stream(AUDIO).duplicates);
      }
      assertTrue(alice.video.keyFrameRequests > 0, "asked for over the relay");

      // A tenth is lost between the nodes: nobody but them notices.
      bob.nacks = false;
      wires.forEach(wire -> wire.loss = 0.1);
      int from = bob.stream(VIDEO).count();
      call.await("lossy", () -> bob.stream(VIDEO).count() >= from + 150);
      wires.forEach(wire -> wire.loss = 0);
      call.await("no gap in the picture", () -> bob.stream(VIDEO).missing() == 0);
      assertTrue(far.counters().value(SfuCounter.RELAYED_PACKETS_MISSED) > 5);
      assertTrue(near.counters().value(SfuCounter.RELAYED_PACKETS_REPEATED) > 5);
      assertEquals(0, alice.video.nacked, "its publisher has nothing to do with it");
      assertEquals(0, near.counters().value(SfuCounter.RELAYED_PACKETS_DROPPED));

      // What bob loses he gets from his own node.
      bob.nacks = true;
      long repeated = repeatedAtLast(call);
      bob.stream(VIDEO).losePackets = 3;
      call.await("what was lost", () -> bob.stream(VIDEO).retransmitted >= 3);
      assertEquals(repeated, near.counters().value(SfuCounter.RELAYED_PACKETS_REPEATED));
    }
  }

  /// How often something was sent again between the nodes, once that is over: also of the sound,
  /// and what was asked for twice.
  private long repeatedAtLast(Call call) {
    long[] last = {0, System.nanoTime()};
    call.await(
        "nothing more is sent again",
        () -> {
          long now = near.counters().value(SfuCounter.RELAYED_PACKETS_REPEATED);
          if (now != last[0]) {
            last[0] = now;
            last[1] = System.nanoTime();
          }
          return System.nanoTime() - last[1] > QUIET_NANOS;
        });
    return last[0];
  }

  @Test
  void keyFrameRequestsAndReportsCross() {
    try (var call = new Call(near)) {
      SfuClient alice = call.join("alice", ClientSetup.first());
      send(alice);
      awaitBranch(call);
      SfuClient bob = joinFar(call, "bob", ClientSetup.second());
      ReceivedStream picture = bob.stream(VIDEO);
      call.await("a picture", () -> picture.count() > 40);
      assertTrue(alice.video.keyFrameRequests > 0, "asked for by the relay");
      // One that was asked for before may be on its way: then none is asked for again.
      long before = picture.last().sequenceNumber();
      bob.sendPictureLossIndication(picture.ssrc);
      call.await("a key frame", () -> picture.hasKeyFrameSince(before));
      call.await(
          "sender reports of both",
          () -> !picture.senderReports.isEmpty() && !bob.stream(AUDIO).senderReports.isEmpty());
    }
  }

  @Test
  void whatIsForgedIsLeftOutAndCounted() {
    try (var call = new Call(near)) {
      SfuClient alice = call.join("alice", ClientSetup.first());
      send(alice);
      awaitBranch(call);
      SfuClient bob = joinFar(call, "bob", ClientSetup.second());
      ReceivedStream picture = bob.stream(VIDEO);
      call.await("a picture", () -> picture.count() > 20);
      wires.forEach(wire -> wire.forge = 10);
      call.await(
          "forged packets are counted",
          () -> far.counters().value(SfuCounter.RELAYED_PACKETS_FORGED) >= 10);
      long refused =
          far.counters().value(IngressVerdict.RTP_FORGED)
              + far.counters().value(IngressVerdict.RTCP_FORGED);
      assertTrue(refused >= 10);
      int from = picture.count();
      call.await("the picture goes on", () -> picture.count() > from + 50);
      assertEquals(0, picture.missing() + picture.duplicates);
    }
  }

  @Test
  void everybodyIsKnownWithAllThereIsToKnow() {
    try (var call = new Call(near)) {
      SfuClient alice = call.join("alice", ClientSetup.first());
      awaitBranch(call);
      SfuClient bob = joinFar(call, "bob", ClientSetup.second());
      List<ParticipantDetails> all = call.get(call.room.participants());
      assertEquals(List.of("alice", "bob"), all.stream().map(each -> each.id().value()).toList());
      for (ParticipantDetails each : all) {
        assertEquals(TransportState.CONNECTED, each.transport());
        assertEquals(2, each.tracks().size());
        assertNotNull(each.remote());
      }
      assertTrue(call.get(call.room.statistics(bob.id)).atNanos() != 0);
      assertEquals(1, call.get(call.room.snapshot(bob.id)).participants().size());
      ParticipantDetails muted =
          call.get(call.room.silence(bob.id, Set.of(TrackSource.MICROPHONE)));
      assertEquals(Set.of(TrackSource.MICROPHONE), muted.silenced());
      assertEquals(TransportState.CONNECTED, muted.transport());
      assertEquals(1, call.get(call.room.send(alice.id, bob.id, "chat", "hello")));
      call.await("the message", () -> Call.first(bob, RoomEvent.MessageReceived.class) != null);
      call.room.rename(bob.id, "Robert");
      call.await("the name", () -> Call.first(alice, RoomEvent.Renamed.class) != null);
      call.room.leave(bob.id, LeaveReason.LEFT);
      call.await("it left", () -> Call.first(alice, RoomEvent.ParticipantLeft.class) != null);
      call.await("told", () -> Call.first(bob, RoomEvent.Removed.class) != null);
      call.await("gone there", () -> far.counters().value(Gauge.PARTICIPANTS) == 0);
    }
    awaitNone();
  }

  private void awaitNone() {
    while (far.counters().value(Gauge.BRANCHES) > 0
        || far.counters().value(Gauge.NODE_RELAYS) > 0
        || near.counters().value(Gauge.NODE_RELAYS) > 0
        || near.counters().value(Gauge.ROOMS) > 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void whoseNodeDiesIsToldSoAndMayComeBack() {
    try (var call = new Call(near)) {
      SfuClient alice = call.join("alice", ClientSetup.first());
      send(alice);
      awaitBranch(call);
      SfuClient bob = joinFar(call, "bob", ClientSetup.second());
      call.await("a picture", () -> bob.stream(VIDEO).count() > 20);
      assertNotNull(pipe);
      pipe.cut();
      call.await("bob is told", () -> Call.first(bob, RoomEvent.Removed.class) != null);
      assertEquals(
          new RoomEvent.Removed(LeaveReason.MEDIA_LOST), Call.first(bob, RoomEvent.Removed.class));
      call.await("alice is told", () -> Call.first(alice, RoomEvent.ParticipantLeft.class) != null);
      assertEquals(
          new RoomEvent.ParticipantLeft(bob.id, LeaveReason.MEDIA_LOST),
          Call.first(alice, RoomEvent.ParticipantLeft.class));
      call.await("nothing is left there", () -> far.counters().value(Gauge.BRANCHES) == 0);
      call.await("no relay is left", () -> near.counters().value(Gauge.NODE_RELAYS) == 0);
      SfuClient again = call.join("bob2", ClientSetup.second());
      call.await("the picture", () -> again.stream(VIDEO).count() > 20);
    }
    awaitNone();
  }

  /// A firewall lets the nodes speak, and not their media.
  @Test
  void nobodyIsPlacedWhereDatagramsDoNotPass() {
    try (var call = new Call(near)) {
      isCut = true;
      SfuClient alice = call.join("alice", ClientSetup.first());
      send(alice);
      call.await("a relay", () -> far.counters().value(Gauge.NODE_RELAYS) == 1);
      SfuClient bob = call.join("bob", ClientSetup.second());
      call.await("the picture", () -> bob.stream(VIDEO).count() > 20);
      assertEquals(2, near.counters().value(Gauge.PARTICIPANTS));
      call.await("it is given up", () -> near.counters().value(Gauge.NODE_RELAYS) == 0);
    }
    awaitNone();
  }

  /// By mistake, or because a node wants others' media to be sent to somebody.
  @Test
  void nobodyIsPlacedAtANodeThatNamesAnothersAddress() {
    Sfu third = startOne();
    third.spreadOver((_, _, _) -> null, 0, HOST);
    claimed = new InetSocketAddress(HOST, third.ports().getFirst());
    try (var call = new Call(near)) {
      SfuClient alice = call.join("alice", ClientSetup.first());
      send(alice);
      call.await("a relay", () -> far.counters().value(Gauge.NODE_RELAYS) == 1);
      call.await(
          "what comes to the third is nobody's",
          () -> third.counters().value(IngressVerdict.UNVALIDATED_PATH) > 0);
      SfuClient bob = call.join("bob", ClientSetup.second());
      call.await("the picture", () -> bob.stream(VIDEO).count() > 20);
      assertEquals(2, near.counters().value(Gauge.PARTICIPANTS));
      call.await("it is given up", () -> near.counters().value(Gauge.NODE_RELAYS) == 0);
      assertEquals(0, third.counters().value(IngressVerdict.RELAY_ACCEPTED));
      assertEquals(0, third.counters().value(Gauge.BRANCHES));
    } finally {
      third.close();
    }
    awaitNone();
  }

  @Test
  void aNodeThatTakesNothingKeepsNobodyWaiting() {
    isOldVersion = true;
    try (var call = new Call(near)) {
      SfuClient alice = call.join("alice", ClientSetup.first());
      send(alice);
      SfuClient bob = call.join("bob", ClientSetup.second());
      call.await("the picture", () -> bob.stream(VIDEO).count() > 20);
      assertEquals(2, near.counters().value(Gauge.PARTICIPANTS));
      assertEquals(0, far.counters().value(Gauge.BRANCHES));
      assertEquals(1, asked, "not again at once");
    }
  }
}
