package org.plenum.bench.signaling;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.plenum.bench.client.Negotiated;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.sfu.dtls.DtlsFingerprint;

/// Reads what a client must know from the SDP of an answer. One use.
public final class AnswerText {
  private static final int CANDIDATE_FIELDS = 8;

  private final Map<String, Negotiated.SlotSsrcs> slots = new HashMap<>();
  private @Nullable String ufrag;
  private @Nullable String password;
  private @Nullable DtlsFingerprint fingerprint;
  private @Nullable InetSocketAddress server;
  private boolean video;
  private String mid = "";

  private AnswerText() {}

  /// @throws RefusedByServerException if something is missing, or a section was refused
  public static Negotiated read(String sdp) throws RefusedByServerException {
    var answer = new AnswerText();
    for (String line : sdp.split("\r?\n")) {
      answer.read(line, sdp);
    }
    if (answer.ufrag == null
        || answer.password == null
        || answer.fingerprint == null
        || answer.server == null) {
      throw new RefusedByServerException(
          "the answer lacks ICE credentials, a fingerprint or a UDP candidate:\n" + sdp);
    }
    return new Negotiated(
        new IceCredentials(answer.ufrag, answer.password),
        answer.fingerprint,
        answer.server,
        answer.slots);
  }

  private void read(String line, String sdp) throws RefusedByServerException {
    if (line.startsWith("m=")) {
      video = line.startsWith("m=video");
      if (line.split(" ")[1].equals("0")) {
        throw new RefusedByServerException("the server refused a section:\n" + sdp);
      }
    } else if (line.startsWith("a=")) {
      int colon = line.indexOf(':');
      String name = colon < 0 ? line.substring(2) : line.substring(2, colon);
      attribute(name, colon < 0 ? "" : line.substring(colon + 1));
    }
  }

  private void attribute(String name, String value) {
    switch (name) {
      case "mid" -> mid = value;
      case "ice-ufrag" -> ufrag = value;
      case "ice-pwd" -> password = value;
      case "fingerprint" -> {
        String[] parts = value.split(" ");
        fingerprint = new DtlsFingerprint(parts[0], parts[1]);
      }
      case "candidate" -> candidate(value.split(" "));
      case "ssrc-group" -> {
        String[] parts = value.split(" ");
        if (parts[0].equals("FID") && parts.length == 3) {
          slots.put(mid, new Negotiated.SlotSsrcs(video, ssrc(parts[1]), ssrc(parts[2])));
        }
      }
      case "ssrc" ->
          slots.putIfAbsent(mid, new Negotiated.SlotSsrcs(video, ssrc(value.split(" ")[0]), 0));
      default -> {}
    }
  }

  /// Takes a loopback address before any other.
  private void candidate(String[] fields) {
    if (fields.length < CANDIDATE_FIELDS || !fields[2].equalsIgnoreCase("udp")) {
      return;
    }
    try {
      var found =
          new InetSocketAddress(InetAddress.getByName(fields[4]), Integer.parseInt(fields[5]));
      boolean ipv4 = found.getAddress().getAddress().length == 4;
      if (ipv4 && (server == null || found.getAddress().isLoopbackAddress())) {
        server = found;
      }
    } catch (UnknownHostException e) {
      // A name in a candidate is for browsers that hide their addresses: no server of ours has one.
    }
  }

  private static int ssrc(String text) {
    return Integer.parseUnsignedInt(text);
  }
}
