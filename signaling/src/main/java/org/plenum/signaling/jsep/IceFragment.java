package org.plenum.signaling.jsep;

import java.util.List;
import java.util.Set;
import org.plenum.ice.agent.IceCredentials;
import org.plenum.ice.candidate.Candidate;
import org.plenum.sfu.Mid;
import org.plenum.sfu.TransportAnswer;
import org.plenum.signaling.sdp.Attribute;

/// ICE information without the rest of a session description: `application/trickle-ice-sdpfrag`
/// (RFC 8840 §9).
///
/// @param ice the credentials of its sender, which name the ICE session that it is about
/// @param mids of the sections that it names; may be empty
/// @param candidates how many it brings; their grammar was checked, and an ICE-lite agent needs no
/// more of them
/// @param complete whether it says that no more candidates come
public record IceFragment(IceCredentials ice, Set<Mid> mids, int candidates, boolean complete) {
  /// In characters; a client has a handful of candidates.
  public static final int MAX_LENGTH = 16 * 1024;

  public IceFragment {
    mids = Set.copyOf(mids);
  }

  /// The section of an offer that a fragment stands for.
  ///
  /// @param kind audio or video
  public record Section(String kind, Mid mid) {}

  /// @throws InvalidOfferException which names what is wrong
  public static IceFragment read(String text) {
    return new IceFragmentReader(text).read();
  }

  /// What an ICE restart is answered with: our new credentials and all our candidates (RFC 9725
  /// §4.3.3).
  public static String answer(Section tagged, TransportAnswer transport) {
    var out = new StringBuilder(512);
    line(Attribute.of("ice-lite"), out);
    // RFC 8840 §9.1: an m= line that only says which section this is.
    out.append("m=").append(tagged.kind()).append(" 9 UDP/TLS/RTP/SAVPF 0\r\n");
    line(Attribute.of("mid", tagged.mid().value()), out);
    line(Attribute.of("ice-ufrag", transport.ice().ufrag()), out);
    line(Attribute.of("ice-pwd", transport.ice().password()), out);
    List<Candidate> candidates = transport.candidates();
    candidates.forEach(candidate -> line(CandidateLine.of(candidate), out));
    line(Attribute.of("end-of-candidates"), out);
    return out.toString();
  }

  private static void line(Attribute attribute, StringBuilder out) {
    out.append("a=").append(attribute.name());
    if (attribute.value() != null) {
      out.append(':').append(attribute.value());
    }
    out.append("\r\n");
  }
}
