package org.plenum.bench.client;

/// What all clients of a run counted, summed.
public final class LoadCounts {
  public int clients;

  /// Clients that are there no more.
  public int left;

  /// Packets sent within the measured window, times the slots that each should reach.
  public long expected;

  /// Of these, how many came.
  public long delivered;

  public long received;
  public long recovered;
  public long missing;
  public long duplicates;
  public long reordered;
  public long damaged;
  public long misnumbered;
  public long splices;
  public long nacksSent;
  public long retransmitted;
  public long nacksUnanswered;
  public long keyFrames;
  public long checksRefused;

  /// Datagrams that could not be decrypted or parsed, or came on an unknown SSRC.
  public long datagramsOfNoUse;

  /// RTP and RTCP that overtook the end of the handshake.
  public long beforeKeys;

  /// Adds what clients counted that are there no more.
  public void addLeft(LoadCounts gone) {
    left += gone.clients;
    add(gone, 0);
  }

  /// Adds what others counted.
  public void add(LoadCounts others) {
    left += others.left;
    add(others, others.clients);
  }

  private void add(LoadCounts others, int there) {
    clients += there;
    expected += others.expected;
    delivered += others.delivered;
    received += others.received;
    recovered += others.recovered;
    missing += others.missing;
    duplicates += others.duplicates;
    reordered += others.reordered;
    damaged += others.damaged;
    misnumbered += others.misnumbered;
    splices += others.splices;
    nacksSent += others.nacksSent;
    retransmitted += others.retransmitted;
    nacksUnanswered += others.nacksUnanswered;
    keyFrames += others.keyFrames;
    checksRefused += others.checksRefused;
    datagramsOfNoUse += others.datagramsOfNoUse;
    beforeKeys += others.beforeKeys;
  }

  void add(ReceivedSlot slot) {
    delivered += slot.measured;
    received += slot.received;
    recovered += slot.recovered;
    missing += slot.missing();
    duplicates += slot.duplicates;
    reordered += slot.reordered;
    damaged += slot.damaged;
    misnumbered += slot.misnumbered;
    splices += slot.splices;
  }

  void add(MediaSource source) {
    expected += source.measuredExpected;
    retransmitted += source.retransmitted;
    nacksUnanswered += source.nacksUnanswered;
    keyFrames += source.keyFrames;
  }

  /// Whether a packet came that should not have been, or not so.
  public boolean isSound() {
    return damaged == 0 && misnumbered == 0 && datagramsOfNoUse == 0 && checksRefused == 0;
  }
}
