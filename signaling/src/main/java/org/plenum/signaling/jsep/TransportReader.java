package org.plenum.signaling.jsep;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.sfu.Mid;
import org.plenum.sfu.dtls.DtlsFingerprint;
import org.plenum.signaling.sdp.Attribute;
import org.plenum.signaling.sdp.Attributes;
import org.plenum.signaling.sdp.Fingerprint;
import org.plenum.signaling.sdp.SdpException;
import org.plenum.signaling.sdp.SessionDescription;

/// Reads the one transport of an offer. Its attributes stand in the tagged section, the first
/// of the BUNDLE group (RFC 8843 §7.1.3), or at session level (RFC 8839 §5.4, RFC 8122 §5, RFC
/// 4145 §4).
final class TransportReader {
  private static final int MAX_FINGERPRINTS = 8;

  /// Accepted hashes by their length in bytes; RFC 8122 §5 forbids weaker ones.
  private static final Map<String, Integer> HASHES =
      Map.of("sha-256", 32, "sha-384", 48, "sha-512", 64);

  private final List<Attributes> levels;

  private TransportReader(List<Attributes> levels) {
    this.levels = levels;
  }

  /// @param tagged the first section that we accept; if it carries no attributes, the offerer's own
  /// first one does
  static ClientTransport read(SessionDescription offer, Bundle bundle, Mid tagged)
      throws SdpException {
    var reader =
        new TransportReader(
            List.of(
                bundle.section(tagged.value()).media().attributes(),
                bundle.sections().getFirst().media().attributes(),
                offer.attributes()));
    reader.requireActive();
    return new ClientTransport(reader.iceCredentials(), reader.fingerprints());
  }

  /// RFC 8445 §6.1.1: of two lite agents neither would ever send a check.
  static void requireFullIce(SessionDescription offer) {
    if (offer.attributes().has("ice-lite")) {
      throw new InvalidOfferException(
          "a=ice-lite", "the server is ICE-lite itself; the client must be a full agent");
    }
  }

  /// RFC 8842 §5.3: we are the passive side, so the client must be able to be the active one.
  private void requireActive() throws SdpException {
    String setup = only("setup");
    if (setup == null) {
      throw new InvalidOfferException("a=setup", "the offer has no setup attribute");
    }
    if (!setup.equals("actpass") && !setup.equals("active")) {
      throw new InvalidOfferException(
          "a=setup", "the server is passive; setup must be actpass or active, not " + setup);
    }
  }

  private IceCredentials iceCredentials() throws SdpException {
    String ufrag = only("ice-ufrag");
    String password = only("ice-pwd");
    if (ufrag == null || password == null) {
      String missing = ufrag == null ? "ice-ufrag" : "ice-pwd";
      throw new InvalidOfferException("a=" + missing, "the offer has no " + missing);
    }
    try {
      return new IceCredentials(ufrag, password);
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      throw new InvalidOfferException(
          message.startsWith("ice-pwd") ? "a=ice-pwd" : "a=ice-ufrag", message);
    }
  }

  private Set<DtlsFingerprint> fingerprints() throws SdpException {
    List<Attribute> lines = List.of();
    for (Attributes level : levels) {
      if (lines.isEmpty()) {
        lines = level.all("fingerprint");
      }
    }
    if (lines.isEmpty()) {
      throw new InvalidOfferException("a=fingerprint", "the offer has no fingerprint");
    }
    var fingerprints = new LinkedHashSet<DtlsFingerprint>();
    for (Attribute line : lines) {
      Fingerprint fingerprint = Fingerprint.parse(line);
      Integer lengthBytes = HASHES.get(fingerprint.hash());
      if (lengthBytes != null) {
        requireLength(fingerprint, lengthBytes);
        fingerprints.add(new DtlsFingerprint(fingerprint.hash(), fingerprint.value()));
      }
    }
    if (fingerprints.isEmpty() || fingerprints.size() > MAX_FINGERPRINTS) {
      throw new InvalidOfferException(
          "a=fingerprint",
          "1 to " + MAX_FINGERPRINTS + " fingerprints of sha-256, sha-384 or sha-512 are needed");
    }
    return fingerprints;
  }

  private static void requireLength(Fingerprint fingerprint, int lengthBytes) {
    if (fingerprint.lengthBytes() != lengthBytes) {
      throw new InvalidOfferException(
          "a=fingerprint",
          fingerprint.hash() + " has " + lengthBytes + " bytes, not " + fingerprint.lengthBytes());
    }
  }

  private @Nullable String only(String name) throws SdpException {
    for (Attributes level : levels) {
      String value = level.only(name);
      if (value != null) {
        return value;
      }
    }
    return null;
  }
}
