package org.plenum.sfu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.plenum.ice.agent.StunQuery;
import org.plenum.ice.candidate.Candidate;
import org.plenum.ice.port.MediaPortCounters.Counter;
import org.plenum.ice.port.MediaPortKind;
import org.plenum.sfu.embed.Sfu;
import org.plenum.sfu.testclient.Call;
import org.plenum.sfu.testclient.ClientSetup;
import org.plenum.sfu.testclient.ReceivedStream;
import org.plenum.sfu.testclient.SfuClient;

/// How clients reach an SFU: over TCP, through a NAT; and its STUN server.
class NetworkTest {
  private static Sfu start(MediaPortKind kind, SfuConfig.Tcp tcp, SfuConfig.Stun stun) {
    return Sfu.start(
        new SfuConfig(
            1,
            0,
            List.of("127.0.0.1"),
            List.of(),
            true,
            kind,
            SfuConfig.Candidates.DEFAULT,
            tcp,
            stun,
            SfuConfig.Bitrates.DEFAULT,
            null));
  }

  private static Sfu start(MediaPortKind kind) {
    return start(kind, new SfuConfig.Tcp(true, 0), new SfuConfig.Stun(true, List.of()));
  }

  private static SfuClient joinByTcp(Sfu sfu, Call call, String name, ClientSetup setup) {
    SfuClient client = call.enter(name, setup);
    client.useTcp(sfu.tcpPort());
    call.negotiate(client);
    call.await(name, () -> client.hasKeys() && client.state() == TransportState.CONNECTED);
    return client;
  }

  private static void send(SfuClient client) {
    client.audio.intervalMillis = 20;
    client.video.intervalMillis = 20;
  }

  private static void awaitMore(Call call, SfuClient viewer) {
    ReceivedStream sound = viewer.stream(SfuClient.audioMid(0));
    ReceivedStream picture = viewer.stream(SfuClient.videoMid(0));
    int soundBefore = sound.count();
    int pictureBefore = picture.count();
    call.await(
        "40 packets more each",
        () -> sound.count() >= soundBefore + 40 && picture.count() >= pictureBefore + 40);
  }

  @ParameterizedTest
  @EnumSource(
      value = MediaPortKind.class,
      names = {"AUTO", "NIO"})
  void mediaPassesBothWaysOverTcpAlone(MediaPortKind kind) {
    try (Sfu sfu = start(kind);
        Call call = new Call(sfu)) {
      SfuClient alice = joinByTcp(sfu, call, "alice", ClientSetup.first());
      SfuClient bob = call.join("bob", ClientSetup.second());
      List<Candidate> tcp =
          alice.answer().candidates().stream()
              .filter(c -> c.transport() == Candidate.Transport.TCP_PASSIVE)
              .toList();
      assertFalse(tcp.isEmpty());
      assertTrue(tcp.stream().allMatch(c -> c.port() == sfu.tcpPort()));
      send(alice);
      send(bob);
      awaitMore(call, bob);
      awaitMore(call, alice);
      for (SfuClient viewer : List.of(alice, bob)) {
        ReceivedStream picture = viewer.stream(SfuClient.videoMid(0));
        assertEquals(0, picture.missing() + picture.duplicates);
      }
      assertEquals(1, sfu.counters().value(Counter.TCP_OPENED));
      assertEquals(0, sfu.counters().value(IngressVerdict.UNVALIDATED_PATH));
    }
  }

  @Test
  void aClientThatReconnectsIsFollowed() {
    try (Sfu sfu = start(MediaPortKind.AUTO);
        Call call = new Call(sfu)) {
      SfuClient alice = joinByTcp(sfu, call, "alice", ClientSetup.first());
      SfuClient bob = joinByTcp(sfu, call, "bob", ClientSetup.second());
      send(alice);
      awaitMore(call, bob);
      bob.nacks = false;
      bob.useTcp(sfu.tcpPort()); // the old connection closes in the middle of whatever it carried
      awaitMore(call, bob);
      call.await("the old one is closed", () -> sfu.counters().value(Counter.TCP_CLOSED) == 1);
      assertEquals(3, sfu.counters().value(Counter.TCP_OPENED));
      assertEquals(0, sfu.counters().value(SfuCounter.ROOMS_FAILED));
    }
  }

  @Test
  void withoutTcpNothingIsOfferedAndNothingListens() {
    var off = new SfuConfig.Tcp(false, 0);
    try (Sfu sfu = start(MediaPortKind.AUTO, off, new SfuConfig.Stun(true, List.of()));
        Call call = new Call(sfu)) {
      SfuClient alice = call.join("alice", ClientSetup.first());
      assertEquals(0, sfu.tcpPort());
      assertTrue(
          alice.answer().candidates().stream()
              .allMatch(c -> c.transport() == Candidate.Transport.UDP));
    }
  }

  @Test
  void aTcpPortThatIsTakenIsSaid() {
    try (Sfu sfu = start(MediaPortKind.AUTO)) {
      var taken = new SfuConfig.Tcp(true, sfu.tcpPort());
      var refusal =
          assertThrows(
              IllegalStateException.class,
              () -> start(MediaPortKind.AUTO, taken, new SfuConfig.Stun(true, List.of())).close());
      assertTrue(refusal.getMessage().contains("TCP port " + sfu.tcpPort()), refusal.toString());
    }
  }

  private static byte[] ask(DatagramSocket socket, int port, byte[] request) throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    socket.send(new DatagramPacket(request, request.length, loopback, port));
    var answer = new DatagramPacket(new byte[2_048], 2_048);
    socket.receive(answer);
    return java.util.Arrays.copyOf(answer.getData(), answer.getLength());
  }

  @Test
  void aMediaPortTellsWhoeverAsksItsAddress() throws IOException {
    try (Sfu sfu = start(MediaPortKind.AUTO);
        var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      socket.setSoTimeout(10_000);
      var query = new StunQuery(new Random(1));
      byte[] request = query.request();
      int port = sfu.ports().getFirst();
      // Too short for its answer: the repetition is answered.
      socket.send(
          new DatagramPacket(request, request.length, InetAddress.getLoopbackAddress(), port));
      byte[] answer = ask(socket, port, request);
      assertEquals(
          socket.getLocalSocketAddress(),
          query.mappedAddress(MemorySegment.ofArray(answer), 0, answer.length));
      assertEquals(1, sfu.counters().value(IngressVerdict.STUN_SERVER_ANSWERED));
      assertEquals(1, sfu.counters().value(IngressVerdict.STUN_SERVER_UNPAID));
    }
  }

  @Test
  void theStunServerCanBeSwitchedOff() throws IOException {
    var off = new SfuConfig.Stun(false, List.of());
    try (Sfu sfu = start(MediaPortKind.AUTO, new SfuConfig.Tcp(false, 0), off);
        var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      socket.setSoTimeout(300);
      byte[] request = new StunQuery(new Random(1)).request();
      int port = sfu.ports().getFirst();
      assertThrows(SocketTimeoutException.class, () -> ask(socket, port, request));
      assertEquals(1, sfu.counters().value(IngressVerdict.STUN_UNKNOWN_UFRAG));
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = MediaPortKind.class,
      names = {"AUTO", "NIO"})
  void aStunServerTellsWhatThePortIsMappedTo(MediaPortKind kind) {
    try (Sfu server = start(MediaPortKind.AUTO)) {
      var stun = new SfuConfig.Stun(true, List.of("localhost:" + server.ports().getFirst()));
      try (Sfu sfu = start(kind, new SfuConfig.Tcp(false, 0), stun);
          Call call = new Call(sfu)) {
        SfuClient alice = call.join("alice", ClientSetup.first());
        List<InetSocketAddress> offered =
            alice.answer().candidates().stream()
                .map(c -> new InetSocketAddress(c.address(), c.port()))
                .toList();
        // On loopback it is mapped to itself, so it is offered first, and once.
        var mapped = new InetSocketAddress("127.0.0.1", sfu.ports().getFirst());
        assertEquals(mapped, offered.getFirst());
        assertEquals(offered.size(), offered.stream().distinct().count());
        assertEquals(1, sfu.counters().value(IngressVerdict.BEFORE_START));
        assertTrue(server.counters().value(IngressVerdict.STUN_SERVER_ANSWERED) >= 1);
      }
    }
  }

  @Test
  void withoutAnAnswerTheServerStartsAllTheSame() throws IOException {
    int nobody;
    try (var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      nobody = socket.getLocalPort();
    }
    var stun =
        new SfuConfig.Stun(true, List.of("127.0.0.1:" + nobody, "no-such-name.invalid:3478"));
    try (Sfu sfu = start(MediaPortKind.AUTO, new SfuConfig.Tcp(false, 0), stun);
        Call call = new Call(sfu)) {
      call.join("alice", ClientSetup.first());
    }
  }

  @Test
  void aStunServerIsHostAndPort() {
    for (String bad : List.of("", "example.org", "example.org:0", "example.org:65536", "::1:1")) {
      assertThrows(
          IllegalArgumentException.class, () -> new SfuConfig.Stun(true, List.of(bad)), bad);
    }
    new SfuConfig.Stun(true, List.of("stun.example.org:3478", "192.0.2.1:1", "[2001:db8::1]:2"));
  }
}
