package org.plenum.sfu.transport;

import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.AnswerCredit;
import org.plenum.ice.NetworkPath;
import org.plenum.ice.turn.TurnServer;
import org.plenum.sfu.ParticipantId;
import org.plenum.sfu.counters.WorkerCounters;
import org.plenum.sfu.dtls.DtlsServer;
import org.plenum.sfu.srtp.SrtpFactory;

/// What the transports of one worker are given: the way out, keys, clock and randomness, and what
/// they share. Everything but [#dtls], [#srtp] and [#mailbox] belongs to the worker's thread.
public final class TransportContext {
  /// Brings what happens on DTLS threads to the worker's.
  @FunctionalInterface
  public interface Mailbox {
    /// Any thread; dropped when the worker is gone or its mailbox is full.
    void post(Transport transport, TransportEvent event);
  }

  final Egress egress;
  private final @Nullable TurnServer turn;
  private final AnswerCredit credit;
  final WorkerCounters counters;
  final DtlsServer dtls;
  final SrtpFactory srtp;
  final Mailbox mailbox;
  final WallClock wallClock;
  final RandomGenerator random;

  /// For what nobody gains by guessing; costs no system call.
  final RandomGenerator pauses;

  final TransportRegistry registry;
  final SendSchedule schedule;
  final Rounds rounds = new Rounds();
  final Scratch scratch = new Scratch();

  public TransportContext(
      Egress egress,
      WorkerCounters counters,
      DtlsServer dtls,
      SrtpFactory srtp,
      Mailbox mailbox,
      WallClock wallClock,
      RandomGenerator random) {
    this.egress = egress;
    this.turn = egress.turn();
    this.counters = counters;
    this.dtls = dtls;
    this.srtp = srtp;
    this.mailbox = mailbox;
    this.wallClock = wallClock;
    this.random = random;
    this.credit = turn == null ? new AnswerCredit(random.nextLong()) : turn.credit();
    this.pauses = new SplittableRandom(random.nextLong());
    this.registry = new TransportRegistry(egress.port());
    this.schedule = new SendSchedule(egress);
  }

  /// The way out, for what belongs to no transport.
  public Egress egress() {
    return egress;
  }

  /// Whose a datagram is.
  public TransportRegistry registry() {
    return registry;
  }

  /// A participant of a room here may use our TURN server from now on, if there is one.
  public void admit(ParticipantId participant) {
    if (turn != null) {
      turn.admit(participant.value());
    }
  }

  /// No longer: their relays end at once.
  public void revoke(ParticipantId participant) {
    if (turn != null) {
      turn.revoke(participant.value());
    }
  }

  /// Two participants are to talk directly: each may have relays that lead to the other one.
  public void introduce(DirectRelay one, DirectRelay other) {
    if (turn != null) {
      turn.introduce(one.introduced(), other.introduced());
    }
    earn(one);
    earn(other);
  }

  private void earn(DirectRelay participant) {
    NetworkPath path = participant.path();
    if (path != null) {
      credit.earn(path);
    }
  }

  /// By which the STUN and TURN servers of this worker answer.
  public AnswerCredit credit() {
    return credit;
  }

  /// They do not any more: those relays end at once.
  public void part(ParticipantId participant) {
    if (turn != null) {
      turn.revoke(participant.directRelayName());
    }
  }

  /// When the worker does what is due.
  public Rounds rounds() {
    return rounds;
  }

  /// Who sends when.
  public SendSchedule schedule() {
    return schedule;
  }
}
