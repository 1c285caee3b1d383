package org.plenum.bench.signaling;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.plenum.bench.client.Negotiated;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.sfu.dtls.DtlsFingerprint;

/// Reads what a client must know from the SDP of an answer. One use.
public final class AnswerText {
  private static final int CANDIDATE_FIELDS = 8;
  private static final int MOST_CANDIDATES = 32;

  private final Map<String, Negotiated.SlotSsrcs> slots = new HashMap<>();
  private @Nullable String ufrag;
  private @Nullable String password;
  private @Nullable DtlsFingerprint fingerprint;
  private final List<InetSocketAddress> candidates = new ArrayList<>();
  private boolean accepts;
  private boolean lite;
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
        || answer.candidates.isEmpty()) {
      throw new RefusedByServerException(
          "the answer lacks ICE credentials, a fingerprint or a candidate of UDP over IPv4 (what"
              + " comes later, by trickling, is not waited for):\n"
              + sdp);
    }
    return new Negotiated(
        new IceCredentials(answer.ufrag, answer.password),
        answer.fingerprint,
        answer.accepts,
        answer.lite,
        answer.candidates,
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

  private void attribute(String name, String value) throws RefusedByServerException {
    switch (name) {
      case "mid" -> mid = value;
      case "ice-ufrag" -> ufrag = value;
      case "ice-pwd" -> password = value;
      case "fingerprint" -> {
        String[] parts = value.split(" ");
        fingerprint = new DtlsFingerprint(parts[0], parts[1]);
        if (!parts[0].equalsIgnoreCase("sha-256")) {
          throw new RefusedByServerException(
              "the server's fingerprint must be of sha-256, not " + parts[0]);
        }
      }
      case "ice-lite" -> lite = true;
      case "setup" -> accepts = value.equals("active");
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

  /// Puts loopback addresses before all others.
  private void candidate(String[] fields) {
    if (fields.length < CANDIDATE_FIELDS || !fields[2].equalsIgnoreCase("udp")) {
      return;
    }
    try {
      var found =
          new InetSocketAddress(InetAddress.getByName(fields[4]), Integer.parseInt(fields[5]));
      boolean ipv4 = found.getAddress().getAddress().length == 4;
      if (ipv4 && !candidates.contains(found) && candidates.size() < MOST_CANDIDATES) {
        candidates.add(found.getAddress().isLoopbackAddress() ? 0 : candidates.size(), found);
      }
    } catch (UnknownHostException e) {
      // A name in a candidate is for browsers that hide their addresses: no server has one.
    }
  }

  private static int ssrc(String text) {
    return Integer.parseUnsignedInt(text);
  }
}
