package org.plenum.sfu.rtcp;

/// The numbers of RTCP packets: types, formats and sizes in bytes.
final class RtcpFormat {
  // Packet types: RFC 3550 §12.1, RFC 4585 §6.1.
  static final int SENDER_REPORT = 200;
  static final int RECEIVER_REPORT = 201;
  static final int SOURCE_DESCRIPTION = 202;
  static final int BYE = 203;
  static final int TRANSPORT_FEEDBACK = 205;
  static final int PAYLOAD_FEEDBACK = 206;

  /// RFC 3611 §2.
  static final int EXTENDED_REPORT = 207;

  // Blocks of extended reports: RFC 3611 §4.4 and §4.5.
  static final int RECEIVER_REFERENCE_TIME = 4;
  static final int DELAY_SINCE_LAST_RECEIVER_REPORT = 5;

  // Formats of transport feedback: RFC 4585 §6.2, RFC 8888 §3.1, transport-wide-cc draft §3.1.
  static final int NACK = 1;
  static final int CONGESTION_CONTROL = 11;
  static final int TRANSPORT_CC = 15;

  // Formats of payload-specific feedback: RFC 4585 §6.3 and §6.4, RFC 5104 §4.3.1.
  static final int PICTURE_LOSS_INDICATION = 1;
  static final int FULL_INTRA_REQUEST = 4;
  static final int APPLICATION_LAYER_FEEDBACK = 15;

  /// "REMB", draft-alvestrand-rmcat-remb-03 §2.2.
  static final int REMB = 0x52454D42;

  static final int HEADER_BYTES = 4;
  static final int SENDER_REPORT_BYTES = 28;
  static final int RECEIVER_REPORT_BYTES = 8;
  static final int REPORT_BLOCK_BYTES = 24;

  /// Header and the SSRC of the packet sender.
  static final int EXTENDED_REPORT_BYTES = 8;

  /// The header of a block of an extended report: type, what the type makes of it, length.
  static final int BLOCK_HEADER_BYTES = 4;

  static final int RECEIVER_REFERENCE_TIME_BYTES = BLOCK_HEADER_BYTES + 8;
  static final int DELAY_SINCE_LAST_RECEIVER_REPORT_BYTES = BLOCK_HEADER_BYTES + 12;

  /// An SSRC and a null item, padded (RFC 3550 §6.5).
  static final int SMALLEST_CHUNK_BYTES = 8;

  /// Header and the SSRCs of packet sender and media source (RFC 4585 §6.1).
  static final int FEEDBACK_BYTES = 12;

  /// Header and the SSRC of the packet sender: what is before the report blocks of RFC 8888 §3.1,
  /// which names no media source.
  static final int CONGESTION_CONTROL_HEADER_BYTES = 8;

  static final int NACK_ENTRY_BYTES = 4;
  static final int FULL_INTRA_REQUEST_ENTRY_BYTES = 8;

  /// Identifier, count of SSRCs, exponent and mantissa.
  static final int REMB_FCI_BYTES = 8;

  /// From the base sequence number to the feedback packet count.
  static final int TRANSPORT_CC_FCI_BYTES = 8;

  private RtcpFormat() {}
}
