package org.plenum.sfu.transport;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.NanoTime;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.ice.agent.IceLiteAgent;
import org.plenum.ice.agent.StunVerdict;
import org.plenum.sfu.IngressVerdict;
import org.plenum.sfu.ParticipantDetails.PathKind;
import org.plenum.sfu.TransportState;
import org.plenum.sfu.dtls.DtlsFailure;
import org.plenum.sfu.dtls.DtlsFingerprint;
import org.plenum.sfu.dtls.DtlsListener;
import org.plenum.sfu.dtls.DtlsSession;
import org.plenum.sfu.rtp.HeaderExtensionMap;
import org.plenum.sfu.srtp.SrtpKeys;
import org.plenum.sfu.srtp.SrtpReceiver;
import org.plenum.sfu.srtp.SrtpSender;

/// One participant's transport: ICE, DTLS and SRTP, with its [MediaReceiver] and [MediaSender].
/// An ICE restart keeps DTLS and SRTP. Worker's thread only.
public final class Transport extends Deadlines.Waiting {
  /// How long after its last request a transport keeps its paths from being taken by others;
  /// clients send one about every 2.5 s.
  private static final long PATH_HELD_NANOS = 6_000_000_000L;

  /// Between two looks at a transport on which nothing is urgent.
  private static final long IDLE_TICK_NANOS = 125_000_000L;

  private final TransportContext context;
  private final TransportListener listener;
  private final IceLiteAgent agent;
  private final List<DtlsFingerprint> fingerprints;
  private final DtlsSession dtls;
  private final MediaReceiver receiver;
  private final MediaSender sender;
  private final ArrayDeque<NetworkPath> validated = new ArrayDeque<>();

  private IceCredentials remoteCredentials;
  private List<String> ufrags;
  private @Nullable SrtpReceiver srtpReceiver;
  private @Nullable SrtpSender srtpSender;
  private TransportState state = TransportState.NEW;
  private boolean closed;
  private boolean relayed;

  /// Under which path it is counted; null while it is not connected.
  private @Nullable PathKind counted;

  private long idleTickNanos;
  private long heardNanos;

  public Transport(
      TransportContext context,
      IceCredentials remote,
      List<DtlsFingerprint> fingerprints,
      HeaderExtensionMap extensions,
      TransportListener listener,
      long nowNanos) {
    this.context = context;
    this.listener = listener;
    this.fingerprints = fingerprints;
    this.remoteCredentials = remote;
    this.idleTickNanos = nowNanos;
    this.heardNanos = nowNanos;
    this.agent = new IceLiteAgent(IceCredentials.random(), nowNanos);
    agent.remoteCredentials(remote);
    this.ufrags = register();
    this.sender = new MediaSender(context, extensions, this, nowNanos);
    this.receiver = new MediaReceiver(context, extensions, sender, listener);
    this.dtls = context.dtls.open(fingerprints, new Mailed());
    context.registry.onOpened();
  }

  public MediaReceiver receiver() {
    return receiver;
  }

  public MediaSender sender() {
    return sender;
  }

  public IceCredentials localCredentials() {
    return agent.localCredentials();
  }

  public TransportState state() {
    return state;
  }

  /// Whether the peer has been silent too long to be expected back.
  public boolean isAbandoned() {
    return agent.state() == IceLiteAgent.State.CLOSED;
  }

  /// Whether the peer's certificate is still the one this transport was made for.
  public boolean hasFingerprints(List<DtlsFingerprint> offered) {
    return fingerprints.equals(offered);
  }

  /// Takes the credentials of a new offer: other ones than before are an ICE restart.
  public void onOffer(IceCredentials remote, HeaderExtensionMap extensions, long nowNanos) {
    receiver.extensions(extensions);
    sender.extensions(extensions);
    restartIce(remote, nowNanos);
  }

  /// Takes other credentials than before for an ICE restart; the same ones change nothing.
  public void restartIce(IceCredentials remote, long nowNanos) {
    if (remote.equals(remoteCredentials)) {
      return;
    }
    agent.restart(IceCredentials.random(), nowNanos);
    agent.remoteCredentials(remote);
    remoteCredentials = remote;
    ufrags.forEach(context.registry::unregister);
    ufrags = register();
  }

  /// A STUN datagram that names one of our ufrags.
  public IngressVerdict onStun(
      MemorySegment slab, long offset, int length, NetworkPath path, long nowNanos) {
    StunVerdict verdict = agent.onStun(slab, offset, length, path, nowNanos, context.egress::send);
    if (verdict == StunVerdict.ANSWERED) {
      validate(path, nowNanos);
      updateState();
    }
    return switch (verdict) {
      case ANSWERED -> IngressVerdict.STUN_ANSWERED;
      case ANSWERED_WITH_ERROR -> IngressVerdict.STUN_ANSWERED_WITH_ERROR;
      case MALFORMED -> IngressVerdict.STUN_MALFORMED;
      case UNAUTHENTICATED -> IngressVerdict.STUN_UNAUTHENTICATED;
      case IGNORED -> IngressVerdict.STUN_IGNORED;
    };
  }

  /// A DTLS datagram from a validated path.
  public IngressVerdict onDtls(MemorySegment slab, long offset, int length) {
    dtls.onDatagram(slab.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE));
    return IngressVerdict.DTLS_ACCEPTED;
  }

  /// An RTP datagram from a validated path.
  public IngressVerdict onRtp(MemorySegment slab, long offset, int length, long nowNanos) {
    SrtpReceiver srtp = srtpReceiver;
    if (srtp == null) {
      return IngressVerdict.BEFORE_KEYS;
    }
    IngressVerdict verdict = receiver.onRtp(srtp, slab, offset, length, nowNanos);
    if (verdict != IngressVerdict.RTP_FORGED) {
      heardNanos = nowNanos;
    }
    return verdict;
  }

  /// An RTCP datagram from a validated path.
  public IngressVerdict onRtcp(MemorySegment slab, long offset, int length, long nowNanos) {
    SrtpReceiver srtp = srtpReceiver;
    if (srtp == null) {
      return IngressVerdict.BEFORE_KEYS;
    }
    IngressVerdict verdict = receiver.onRtcp(srtp, slab, offset, length, nowNanos);
    if (verdict != IngressVerdict.RTCP_FORGED) {
      heardNanos = nowNanos;
      listener.onReport(nowNanos);
    }
    return verdict;
  }

  /// For how long nothing has come from the peer: no media, no report, no check of ICE.
  public long silentNanos(long nowNanos) {
    return Math.min(nowNanos - heardNanos, nowNanos - agent.lastAuthenticatedNanos());
  }

  /// What the DTLS session reported.
  public void onEvent(TransportEvent event) {
    if (closed && !(event instanceof TransportEvent.DtlsOutgoing)) {
      return; // but a last close_notify still goes out
    }
    switch (event) {
      case TransportEvent.DtlsOutgoing(var datagram) -> sendDtls(datagram);
      case TransportEvent.DtlsKeys(var keys) -> onKeys(keys);
      case TransportEvent.DtlsFailed _, TransportEvent.DtlsClosed _ -> stopMedia();
    }
  }

  /// Does what is due: consent, retransmission requests, feedback, reports. Few have anything that
  /// cannot wait: the others are looked at every tenth time only.
  public void onTimeout(long nowNanos) {
    boolean isUrgent = receiver.isUrgent(nowNanos) || sender.isUrgent();
    if (!isUrgent && !NanoTime.isDue(idleTickNanos, nowNanos)) {
      return;
    }
    idleTickNanos = NanoTime.after(nowNanos, IDLE_TICK_NANOS);
    if (receiver.hasHeard()) {
      agent.onMedia(receiver.heardNanos());
    }
    agent.onTimeout(nowNanos);
    updateState();
    if (canSend()) {
      receiver.onTimeout(nowNanos);
      sender.onTimeout(receiver.tracks(), nowNanos);
    }
    if (receiver.isUrgent(nowNanos)) {
      context.rounds.hurry();
    }
  }

  /// When [#onTimeout] is to be called again. The listener hears of what comes up meanwhile, except
  /// for what a publisher is to be asked: while there is a track, it is called again at once.
  public long nextTimeoutNanos(long nowNanos) {
    boolean isUrgent = !receiver.tracks().isEmpty() || sender.isUrgent();
    return isUrgent ? NanoTime.at(nowNanos) : idleTickNanos;
  }

  void onUrgent() {
    context.rounds.hurry();
    listener.onUrgent();
  }

  /// Where media goes; null before ICE has a path.
  public @Nullable NetworkPath path() {
    return agent.selectedPath();
  }

  /// Where media goes in the end: through a relay of our own to its client. Null before ICE has a
  /// path.
  public @Nullable NetworkPath clientPath() {
    NetworkPath path = agent.selectedPath();
    return path == null ? null : context.egress.clientOf(path);
  }

  /// Over what its media comes; null before ICE has a path.
  public @Nullable PathKind pathKind() {
    NetworkPath path = agent.selectedPath();
    if (path == null) {
      return null;
    }
    if (relayed || path.connection() < 0) {
      return PathKind.RELAY;
    }
    return path.connection() == 0 ? PathKind.UDP : PathKind.TCP;
  }

  /// Whether the peer says that its media goes by a relay, which cannot be seen from here
  /// unless the relay is our own.
  public void relayed(boolean byRelay) {
    relayed = byRelay;
    countPath();
  }

  /// Null before the DTLS handshake is complete.
  @Nullable SrtpSender srtpSender() {
    return srtpSender;
  }

  boolean canSend() {
    return srtpSender != null && agent.selectedPath() != null && !closed;
  }

  void sendWaiting(long nowNanos) {
    sender.packets().sendWaiting(nowNanos);
  }

  /// The time that it named to the schedule has come.
  void onSendDue() {
    sender.packets().onSendDue();
  }

  /// Ends everything and frees native memory; idempotent.
  public void close() {
    if (closed) {
      return;
    }
    boolean maySayIt = canSend();
    closed = true;
    var faults = new Faults();
    if (maySayIt) {
      faults.attempt(sender::sayGoodbye);
    }
    faults.attempt(this::end);
    faults.rethrow();
  }

  private void end() {
    context.registry.onClosed();
    dtls.close();
    ufrags.forEach(context.registry::unregister);
    for (NetworkPath path : validated) {
      context.registry.paths().remove(path, this); // a last close_notify still goes out over TCP
    }
    stopMedia(); // last: it tells the listener, who may throw
  }

  private List<String> register() {
    List<String> local = agent.localUfrags();
    for (String ufrag : local) {
      context.registry.register(ufrag, this);
    }
    return local;
  }

  /// Takes note of a path that an authenticated request came over. A path that another transport
  /// still uses stays that one's: a peer with credentials of its own could claim it by a forged
  /// source address.
  private void validate(NetworkPath path, long nowNanos) {
    Transport owner = context.registry.paths().find(path);
    if (owner != null && owner != this && owner.isInUse(nowNanos)) {
      return;
    }
    if (validated.contains(path)) {
      context.registry.paths().put(path, this);
      return;
    }
    if (validated.size() == IceLiteAgent.MAX_VALIDATED_PATHS) {
      NetworkPath oldest = validated.removeFirst();
      if (oldest.equals(agent.selectedPath())) {
        validated.addLast(oldest);
        oldest = validated.removeFirst();
      }
      context.registry.release(oldest, this);
    }
    validated.addLast(path);
    context.registry.paths().put(path, this);
  }

  private boolean isInUse(long nowNanos) {
    return !closed && nowNanos - agent.lastAuthenticatedNanos() < PATH_HELD_NANOS;
  }

  private void sendDtls(byte[] datagram) {
    NetworkPath path = agent.selectedPath();
    if (path != null) {
      context.egress.send(datagram, path);
    }
  }

  private void onKeys(SrtpKeys keys) {
    if (state == TransportState.CLOSED) {
      return;
    }
    srtpReceiver = context.srtp.receiver(keys);
    srtpSender = context.srtp.sender(keys);
    sender.open(srtpSender);
    updateState();
  }

  private void stopMedia() {
    sender.close();
    if (srtpReceiver != null) {
      srtpReceiver.close();
      srtpReceiver = null;
    }
    if (srtpSender != null) {
      srtpSender.close();
      srtpSender = null;
    }
    changeState(TransportState.CLOSED);
  }

  private void updateState() {
    if (state == TransportState.CLOSED) {
      return;
    }
    switch (agent.state()) {
      case NEW -> {}
      case CONNECTED -> {
        if (srtpSender != null) {
          changeState(TransportState.CONNECTED);
        }
      }
      case LOST -> changeState(TransportState.LOST);
      case CLOSED -> stopMedia();
    }
    countPath();
  }

  private void countPath() {
    PathKind kind = state == TransportState.CONNECTED ? pathKind() : null;
    if (kind == counted) {
      return;
    }
    if (counted != null) {
      context.counters.add(counted, -1);
    }
    if (kind != null) {
      context.counters.add(kind, 1);
    }
    counted = kind;
  }

  private void changeState(TransportState next) {
    if (next != state) {
      state = next;
      countPath();
      listener.onStateChanged(next);
    }
  }

  /// Brings the DTLS thread's reports to the worker.
  private final class Mailed implements DtlsListener {
    @Override
    public void onOutgoing(byte[] datagram) {
      post(new TransportEvent.DtlsOutgoing(datagram));
    }

    @Override
    public void onKeys(SrtpKeys keys) {
      post(new TransportEvent.DtlsKeys(keys));
    }

    @Override
    public void onFailed(DtlsFailure reason) {
      post(new TransportEvent.DtlsFailed(reason));
    }

    @Override
    public void onClosed() {
      post(new TransportEvent.DtlsClosed());
    }

    private void post(TransportEvent event) {
      context.mailbox.post(Transport.this, event);
    }
  }
}
