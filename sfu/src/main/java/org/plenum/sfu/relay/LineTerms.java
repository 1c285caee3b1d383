package org.plenum.sfu.relay;

import java.net.InetSocketAddress;
import org.plenum.sfu.srtp.SrtpKeys;
import org.plenum.sfu.srtp.SrtpProfile;

/// What the two ends of a [PacketLine] have agreed on, seen from one of them.
///
/// @param remote the other worker's port
/// @param sendSsrc of what is sent; the other end knows us by it
/// @param keys of [#PROFILE], for this line alone
public record LineTerms(InetSocketAddress remote, int sendSsrc, int receiveSsrc, SrtpKeys keys) {
  /// Both ends are ours, so there is nothing to choose.
  public static final SrtpProfile PROFILE = SrtpProfile.AEAD_AES_128_GCM;
}
