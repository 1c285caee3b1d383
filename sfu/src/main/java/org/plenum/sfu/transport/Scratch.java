package org.plenum.sfu.transport;

import org.plenum.sfu.receive.PayloadView;
import org.plenum.sfu.red.RedGap;
import org.plenum.sfu.red.RedPayload;
import org.plenum.sfu.rtcp.RtcpWriter;
import org.plenum.sfu.rtp.DependencyDescriptor;
import org.plenum.sfu.rtp.DependencyDescriptorWriter;
import org.plenum.sfu.rtp.RtpHeaderWriter;
import org.plenum.sfu.rtp.RtpPacket;

/// Flyweights and buffers that a worker's transports share: each is valid during one call only.
/// Worker's thread only.
final class Scratch {
  final RtpPacket packet = new RtpPacket();
  final RtpHeaderWriter header = new RtpHeaderWriter();
  final PayloadView payload = new PayloadView();
  final DependencyDescriptor dependencyDescriptor = new DependencyDescriptor();
  final DependencyDescriptorWriter dependencyDescriptorWriter = new DependencyDescriptorWriter();
  final RtcpWriter rtcp = new RtcpWriter();
  final RedPayload red = new RedPayload();
  final RedGap redGap = new RedGap();
  final MutableFields mutable = new MutableFields();
  final SoundRepeater repeater = new SoundRepeater();

  /// What a NACK asks for.
  final int[] sequenceNumbers = new int[128];

  /// A transport-cc message.
  final byte[] feedback = new byte[1200];
}
