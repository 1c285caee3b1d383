package org.plenum.sfu.dtls;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Queue;

/// Hands a client's records (RFC 6347 §4.1) to Bouncy Castle one at a time and in an order that it
/// can live with. One thread.
///
/// Four of its habits would end a handshake over a lossy or noisy path:
/// - It changes its read epoch at the first ChangeCipherSpec after the ClientKeyExchange, though
///   the CertificateVerify is still to come, and from then on drops all retransmissions of it. So
///   ChangeCipherSpec and all records of a later epoch are held back until the CertificateVerify
///   was seen whole.
/// - It drops a whole datagram if the first record is of an old epoch, though a Finished may follow
///   in it. So each record travels alone.
/// - It keeps a replay window over epoch 0, where nothing is authentic: one forged record with a
///   high sequence number would shut out all others. So those are renumbered; no MAC and no
///   transcript covers them.
/// - It gives up at an encrypted record too short to hold a tag, where RFC 6347 §4.1.2.7 asks to
///   drop it. So those are dropped here.
final class RecordFilter {
  static final int RECORD_HEADER_BYTES = 13;
  static final int CHANGE_CIPHER_SPEC = 20;
  static final int HANDSHAKE = 22;
  static final int APPLICATION_DATA = 23;
  static final int CLIENT_HELLO = 1;
  static final int CERTIFICATE_VERIFY = 15;

  /// A flight ends in two such records; the rest is room for its retransmissions.
  static final int MAX_HELD = 8;

  private static final int MESSAGE_HEADER_BYTES = 12;

  /// Explicit nonce and tag of AES-GCM (RFC 5288 §3).
  private static final int MIN_ENCRYPTED_BYTES = 8 + 16;

  private static final int MAX_CERTIFICATE_VERIFY_BYTES = 1 << 14;

  private final ArrayDeque<byte[]> held = new ArrayDeque<>(MAX_HELD);
  private final BitSet verifyBytes = new BitSet();
  private int verifyLength = -1;
  private boolean open;
  private int plainRecords;

  /// Whether a datagram begins with a ClientHello or a fragment of one.
  static boolean isClientHello(byte[] datagram) {
    return datagram.length > RECORD_HEADER_BYTES
        && isRecord(datagram, 0)
        && u8(datagram, 0) == HANDSHAKE
        && epoch(datagram, 0) == 0
        && u8(datagram, RECORD_HEADER_BYTES) == CLIENT_HELLO;
  }

  /// Adds to `out` the records that may go on now. What is not a DTLS 1.x record, and all that
  /// follows it in the datagram, is dropped.
  void accept(byte[] datagram, Queue<byte[]> out) {
    int offset = 0;
    while (isRecord(datagram, offset)) {
      int end = offset + RECORD_HEADER_BYTES + u16(datagram, offset + 11);
      pass(Arrays.copyOfRange(datagram, offset, end), out);
      offset = end;
    }
  }

  /// Records held back just now.
  int held() {
    return held.size();
  }

  private void pass(byte[] record, Queue<byte[]> out) {
    if (epoch(record, 0) == 0) {
      renumber(record);
    } else if (record.length < RECORD_HEADER_BYTES + MIN_ENCRYPTED_BYTES) {
      return;
    }
    if (open) {
      out.add(record);
    } else if (u8(record, 0) == CHANGE_CIPHER_SPEC || epoch(record, 0) > 0) {
      hold(record);
    } else {
      out.add(record);
      if (u8(record, 0) == HANDSHAKE && completesCertificateVerify(record)) {
        open = true;
        release(out);
      }
    }
  }

  /// Gives a record of epoch 0 the next 48-bit sequence number.
  private void renumber(byte[] record) {
    record[5] = 0;
    record[6] = 0;
    record[7] = (byte) (plainRecords >> 24);
    record[8] = (byte) (plainRecords >> 16);
    record[9] = (byte) (plainRecords >> 8);
    record[10] = (byte) plainRecords;
    plainRecords++;
  }

  /// The newest are kept: each retransmission has all that is needed.
  private void hold(byte[] record) {
    if (held.size() == MAX_HELD) {
      held.remove();
    }
    held.add(record);
  }

  /// ChangeCipherSpec goes first, in case that the path had swapped it with the Finished.
  private void release(Queue<byte[]> out) {
    held.stream().filter(record -> epoch(record, 0) == 0).forEach(out::add);
    held.stream().filter(record -> epoch(record, 0) > 0).forEach(out::add);
    held.clear();
  }

  /// Walks the handshake fragments of a record (RFC 6347 §4.2.2).
  private boolean completesCertificateVerify(byte[] record) {
    int offset = RECORD_HEADER_BYTES;
    while (record.length - offset >= MESSAGE_HEADER_BYTES) {
      int fragmentLength = u24(record, offset + 9);
      if (fragmentLength > record.length - offset - MESSAGE_HEADER_BYTES) {
        return false;
      }
      if (u8(record, offset) == CERTIFICATE_VERIFY) {
        onFragment(u24(record, offset + 1), u24(record, offset + 6), fragmentLength);
      }
      offset += MESSAGE_HEADER_BYTES + fragmentLength;
    }
    return verifyLength > 0 && verifyBytes.nextClearBit(0) >= verifyLength;
  }

  private void onFragment(int length, int fragmentOffset, int fragmentLength) {
    if (length > MAX_CERTIFICATE_VERIFY_BYTES || fragmentOffset + fragmentLength > length) {
      return;
    }
    if (length != verifyLength) {
      verifyLength = length;
      verifyBytes.clear();
    }
    verifyBytes.set(fragmentOffset, fragmentOffset + fragmentLength);
  }

  /// Whether a whole record begins at `offset`: a type that DTLS 1.2 knows, major version 1, a
  /// length within the datagram.
  private static boolean isRecord(byte[] bytes, int offset) {
    return bytes.length - offset >= RECORD_HEADER_BYTES
        && u8(bytes, offset) >= CHANGE_CIPHER_SPEC
        && u8(bytes, offset) <= APPLICATION_DATA
        && u8(bytes, offset + 1) == 0xFE
        && u16(bytes, offset + 11) <= bytes.length - offset - RECORD_HEADER_BYTES;
  }

  private static int epoch(byte[] bytes, int offset) {
    return u16(bytes, offset + 3);
  }

  private static int u8(byte[] bytes, int at) {
    return bytes[at] & 0xFF;
  }

  private static int u16(byte[] bytes, int at) {
    return u8(bytes, at) << 8 | u8(bytes, at + 1);
  }

  private static int u24(byte[] bytes, int at) {
    return u16(bytes, at) << 8 | u8(bytes, at + 2);
  }
}
