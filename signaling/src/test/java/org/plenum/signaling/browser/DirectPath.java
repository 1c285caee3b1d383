package org.plenum.signaling.browser;

import static org.plenum.signaling.browser.Eventually.eventually;

import java.nio.file.Path;

/// By which pair of candidates a page's media goes, directly and to the server.
final class DirectPath {
  private DirectPath() {}

  /// Keeps the page's PeerConnections; to be added before its scripts.
  static final String CAPTURE =
      """
      window.connections = [];
      const Original = window.RTCPeerConnection;
      window.RTCPeerConnection = class extends Original {
        constructor(configuration) {
          super(configuration);
          window.connections.push(this);
        }
      };
      window.pairOf = async (connection) => {
        const stats = await connection?.getStats();
        const transport = [...stats?.values() ?? []].find(({ type }) => type === 'transport');
        const pair = stats?.get(transport?.selectedCandidatePairId);
        const local = stats?.get(pair?.localCandidateId);
        const remote = stats?.get(pair?.remoteCandidateId);
        return local && remote
          ? `${local.candidateType} ${local.relayProtocol ?? local.protocol} ${remote.candidateType}` : '';
      };
      """;

  /// A browser in a network of its own: nothing of it may wait for what cannot be reached there.
  ///
  /// @param program starts Chromium there
  static Chromium launch(Path program) {
    return Chromium.launch(
        program,
        "--use-fake-device-for-media-stream",
        "--disable-features=WebRtcHideLocalIpsWithMdns");
  }

  /// Local candidate, its protocol, remote candidate of the path to the other one; empty if there
  /// is none.
  static String of(Participant who) {
    return who.evaluate(
        "plenum.isDirect([...plenum.participants.keys()][0])"
            + " ? pairOf(connections.findLast((each) => each.connectionState === 'connected')) : ''");
  }

  /// Of the path to the server.
  static String toServer(Participant who) {
    return who.evaluate("pairOf(connections[0])");
  }

  /// Waits until the other one's picture moves.
  static void moves(Participant viewer) {
    String read =
        "document.querySelector('.tile:not(.self) video')?.getVideoPlaybackQuality()"
            + ".totalVideoFrames ?? 0";
    int before = Integer.parseInt(viewer.evaluate(read));
    eventually(
        "a picture that moves",
        () -> Integer.parseInt(viewer.evaluate(read)),
        frames -> frames > before + 3);
  }
}
