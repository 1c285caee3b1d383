package org.plenum.bench.client;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.DatagramKind;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.agent.ConnectivityCheck;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.sfu.rtcp.RtcpReader;
import org.plenum.sfu.rtp.RtpHeader;
import org.plenum.sfu.rtp.RtpPacket;
import org.plenum.sfu.srtp.SrtpFactory;
import org.plenum.sfu.srtp.SrtpKeys;
import org.plenum.sfu.srtp.SrtpReceiver;
import org.plenum.sfu.srtp.SrtpSender;
import org.plenum.sfu.transport.SsrcTable;

/// One participant: its path, keys, sources and slots. Everything but the DTLS handshake happens on
/// the thread of its loop.
public final class LoadClient implements AutoCloseable {
  private static final int BINDING_SUCCESS = 0x0101;

  private static final int MOST_SSRCS = 512;

  /// Slots whose SSRCs the answer did not name: one of sound, one of video, and others if the
  /// server begins anew.
  private static final int MOST_LEARNT = 8;

  final Scratch scratch;
  final List<MediaSource> sources;
  private final Part part;
  final List<ReceivedSlot> slots = new ArrayList<>();
  final Outgoing out;
  private final @Nullable Relay relay;
  private final PathFinder finder;
  private final @Nullable CheckAnswer checkAnswer;
  private final DtlsEnd dtls;
  private final SsrcTable<ReceivedSlot> bySsrc = new SsrcTable<>(MOST_SSRCS);
  private final SsrcTable<ReceivedSlot> byRtxSsrc = new SsrcTable<>(MOST_SSRCS);
  private final Feedback feedback;
  private final RtcpActions rtcpActions;
  private final MediaWriter writer;
  private final CompletableFuture<Void> connected = new CompletableFuture<>();
  private @Nullable SrtpReceiver receiver;
  @Nullable SrtpSender sender;
  private boolean closed;
  private long datagramsOfNoUse;
  private long beforeKeys;
  private long refused;

  /// What the clients of one loop share; the flyweights are scratch, valid during one call.
  ///
  /// @param sourcesById all sources of the run
  public record Scratch(
      Outgoing out,
      SrtpFactory srtp,
      RandomGenerator random,
      IntFunction<@Nullable MediaSource> sourcesById,
      Tally tally,
      RtpPacket packet,
      MemorySegment compound) {}

  /// @param local the credentials that were offered
  /// @param paths from this client to the server's candidates; if they have a port of this client's
  ///     own, the server may be any: its checks are answered, and SSRCs that it did not name told
  ///     by their payload types
  /// @param user for a relay by which all goes; null: by none
  LoadClient(
      Scratch scratch,
      IceCredentials local,
      Negotiated negotiated,
      List<NetworkPath> paths,
      Part part,
      @Nullable RelayUser user,
      DtlsEnd dtls) {
    this.scratch = scratch;
    this.relay =
        user == null ? null : new Relay(scratch.out(), paths.getFirst(), user, scratch.random());
    this.out = relay == null ? scratch.out() : relay;
    this.part = part;
    this.sources = List.copyOf(part.sources());
    this.finder =
        new PathFinder(
            new ConnectivityCheck(negotiated.ice(), local.ufrag(), scratch.random().nextLong()),
            List.copyOf(paths),
            negotiated.lite(),
            scratch.random(),
            this::send);
    this.checkAnswer = path().connection() < 0 ? new CheckAnswer(local.password()) : null;
    this.dtls = dtls;
    for (Map.Entry<String, Negotiated.SlotSsrcs> entry : negotiated.slots().entrySet()) {
      Negotiated.SlotSsrcs ssrcs = entry.getValue();
      var slot =
          new ReceivedSlot(ssrcs.ssrc(), ssrcs.video(), part.presence(), scratch.sourcesById());
      slots.add(slot);
      bySsrc.put(ssrcs.ssrc(), slot);
      if (ssrcs.rtxSsrc() != 0) {
        byRtxSsrc.put(ssrcs.rtxSsrc(), slot);
      }
    }
    this.writer = new MediaWriter(this);
    this.feedback = new Feedback(this);
    this.rtcpActions = new RtcpActions(this, writer);
  }

  /// To the server; of several, the first until one has answered.
  public NetworkPath path() {
    return finder.path();
  }

  /// Completes once media can flow, or fails with the handshake. Any thread.
  public CompletableFuture<Void> connected() {
    return connected;
  }

  public List<MediaSource> sources() {
    return sources;
  }

  /// A datagram from the server.
  ///
  /// @return whether it was RTP that could be read
  public boolean onDatagram(MemorySegment slab, long offset, int length, long nowNanos) {
    if (relay == null) {
      return onContent(slab, offset, length, nowNanos);
    }
    int inside = relay.unwrap(slab, offset, length);
    return inside >= 0 && onContent(slab, offset + Relay.HEADER_BYTES, inside, nowNanos);
  }

  private boolean onContent(MemorySegment slab, long offset, int length, long nowNanos) {
    if (length < 2 || closed) {
      return false;
    }
    int first = slab.get(ValueLayout.JAVA_BYTE, offset) & 0xFF;
    int second = slab.get(ValueLayout.JAVA_BYTE, offset + 1) & 0xFF;
    switch (DatagramKind.of(first, second)) {
      case STUN -> onStun(slab, offset, first << 8 | second);
      case DTLS -> dtls.onDatagram(slab.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE));
      case RTP -> {
        return onRtp(slab, offset, length, nowNanos);
      }
      case RTCP -> onRtcp(slab, offset, length, nowNanos);
      case TURN_CHANNEL, UNKNOWN -> datagramsOfNoUse++;
    }
    return false;
  }

  private void onStun(MemorySegment slab, long offset, int type) {
    if (type != BINDING_SUCCESS) {
      refused++;
    } else if (finder.onSuccess(slab, offset)) {
      dtls.start();
    }
  }

  /// Answers a check of the server's, if this client has a port of its own and the datagram is one.
  ///
  /// @return whether it was
  public boolean answerCheck(MemorySegment slab, long offset, int length, NetworkPath from) {
    if (checkAnswer == null || closed) {
      return false;
    }
    byte[] answer =
        checkAnswer.to(slab.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE), from);
    if (answer != null) {
      send(answer, from);
    }
    return answer != null;
  }

  private boolean onRtp(MemorySegment slab, long offset, int length, long nowNanos) {
    SrtpReceiver srtp = receiver;
    if (srtp == null) {
      beforeKeys++;
      return false;
    }
    int headerLength = RtpHeader.length(slab, offset, length);
    int plain = headerLength < 0 ? -1 : srtp.unprotect(slab, offset, length, headerLength);
    RtpPacket packet = scratch.packet();
    if (plain < 0 || !packet.parse(slab, offset, plain)) {
      datagramsOfNoUse++;
      return false;
    }
    feedback.onPacket(packet, length, nowNanos);
    ReceivedSlot slot = bySsrc.find(packet.ssrc());
    if (slot != null) {
      slot.onPacket(packet, nowNanos, scratch.tally());
      return true;
    }
    slot = byRtxSsrc.find(packet.ssrc());
    if (slot == null && checkAnswer != null) {
      return learn(packet, nowNanos);
    }
    if (slot == null) {
      datagramsOfNoUse++;
      return false;
    }
    slot.onRetransmission(packet, nowNanos, scratch.tally());
    return true;
  }

  /// The answer did not name this SSRC: the payload type says what it is of.
  private boolean learn(RtpPacket packet, long nowNanos) {
    VideoShape shape = VideoShape.of(packet.payloadType());
    if (shape != null && packet.payloadType() == shape.rtxPayloadType()) {
      slots.stream().filter(slot -> slot.video).forEach(of -> byRtxSsrc.put(packet.ssrc(), of));
      return false;
    }
    if (shape == null && packet.payloadType() != Numbers.OPUS || slots.size() >= MOST_LEARNT) {
      datagramsOfNoUse++;
      return false;
    }
    var slot =
        new ReceivedSlot(packet.ssrc(), shape != null, part.presence(), scratch.sourcesById());
    slots.add(slot);
    bySsrc.put(packet.ssrc(), slot);
    slot.onPacket(packet, nowNanos, scratch.tally());
    return true;
  }

  private void onRtcp(MemorySegment slab, long offset, int length, long nowNanos) {
    SrtpReceiver srtp = receiver;
    if (srtp == null) {
      beforeKeys++;
      return;
    }
    int plain = srtp.unprotectRtcp(slab, offset, length);
    rtcpActions.now(nowNanos);
    if (plain < 0 || !RtcpReader.read(slab, offset, plain, rtcpActions)) {
      datagramsOfNoUse++;
    }
  }

  /// Sends what is due, but for media.
  public void onTimeout(long nowNanos) {
    if (closed) {
      return;
    }
    if (relay != null) {
      relay.onTimeout(nowNanos);
      if (!relay.isBound()) {
        return;
      }
    }
    finder.onTimeout(nowNanos);
    if (sender != null) {
      feedback.onTimeout(nowNanos);
    }
  }

  /// The DTLS handshake is over: media may flow.
  void onKeys(SrtpKeys keys, long nowNanos) {
    if (closed) {
      return;
    }
    receiver = scratch.srtp().receiver(keys);
    SrtpSender opened = scratch.srtp().sender(keys);
    sender = opened;
    for (MediaSource source : sources) {
      source.media = opened.stream(source.ssrc);
      if (source.rtxSsrc != 0) {
        source.rtx = opened.stream(source.rtxSsrc);
      }
      source.start(nowNanos);
    }
    connected.complete(null);
  }

  void onFailed(Throwable reason) {
    connected.completeExceptionally(reason);
  }

  /// Sends the next frame of a source of this client.
  ///
  /// @param inWindow whether the window is being measured
  public void sendFrame(MediaSource source, boolean inWindow, long nowNanos) {
    writer.sendFrame(source, inWindow, nowNanos);
  }

  /// Adds what this client counted.
  public void addTo(LoadCounts counts) {
    counts.clients++;
    counts.datagramsOfNoUse += datagramsOfNoUse;
    counts.beforeKeys += beforeKeys;
    counts.checksRefused += refused;
    counts.nacksSent += feedback.nacksSent();
    for (ReceivedSlot slot : slots) {
      counts.add(slot);
    }
    for (MediaSource source : sources) {
      counts.add(source);
    }
  }

  /// Sends a datagram that lies elsewhere.
  void send(byte[] datagram) {
    send(datagram, path());
  }

  private void send(byte[] datagram, NetworkPath to) {
    MemorySegment.copy(
        datagram, 0, out.slab(), ValueLayout.JAVA_BYTE, out.nextOffset(), datagram.length);
    out.commit(datagram.length, to);
  }

  /// Protects and sends the compound in the shared scratch.
  void sendRtcp(int length) {
    SrtpSender srtp = sender;
    if (srtp != null) {
      MemorySegment.copy(scratch.compound(), 0, out.slab(), out.nextOffset(), length);
      out.commit(srtp.protectRtcp(out.slab(), out.nextOffset(), length), path());
    }
  }

  /// Says close_notify and frees native memory; idempotent.
  @Override
  public void close() {
    if (closed) {
      return;
    }
    dtls.close();
    closed = true;
    part.gone();
    if (receiver != null) {
      receiver.close();
    }
    if (sender != null) {
      sender.close();
      sender = null;
    }
  }
}
