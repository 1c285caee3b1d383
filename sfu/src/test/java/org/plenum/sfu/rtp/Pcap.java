package org.plenum.sfu.rtp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// Reads the UDP datagrams of a classic pcap file (draft-ietf-opsawg-pcap): link types
/// Ethernet, raw IP, BSD loopback and Linux cooked v2; IPv4 and IPv6, without VLAN tags. What
/// is no whole UDP datagram (TCP, ARP, fragments, frames cut by the snap length) is left out.
public final class Pcap {
  /// One UDP datagram.
  ///
  /// @param timeNanos since 1970
  public record Datagram(long timeNanos, int sourcePort, int destinationPort, byte[] payload) {}

  private static final int MAGIC_MICROS = 0xA1B2C3D4;
  private static final int MAGIC_NANOS = 0xA1B23C4D;
  private static final int FILE_HEADER_BYTES = 24;
  private static final int RECORD_HEADER_BYTES = 16;

  private static final int LINKTYPE_NULL = 0;
  private static final int LINKTYPE_ETHERNET = 1;
  private static final int LINKTYPE_RAW = 101;
  private static final int LINKTYPE_LOOP = 108;
  private static final int LINKTYPE_LINUX_SLL2 = 276;

  private static final int ETHERTYPE_IPV4 = 0x0800;
  private static final int ETHERTYPE_IPV6 = 0x86DD;
  private static final int UDP = 17;
  private static final int UDP_HEADER_BYTES = 8;

  private final ByteBuffer file;
  private final long nanosPerFraction;
  private final int linkType;
  private final List<Datagram> datagrams = new ArrayList<>();

  private Pcap(byte[] bytes) {
    file = ByteBuffer.wrap(bytes);
    if (bytes.length < FILE_HEADER_BYTES) {
      throw new IllegalArgumentException("no pcap file: " + bytes.length + " bytes");
    }
    int magic = file.getInt(0);
    if (magic == Integer.reverseBytes(MAGIC_MICROS) || magic == Integer.reverseBytes(MAGIC_NANOS)) {
      file.order(ByteOrder.LITTLE_ENDIAN);
      magic = Integer.reverseBytes(magic);
    }
    nanosPerFraction =
        switch (magic) {
          case MAGIC_MICROS -> 1_000;
          case MAGIC_NANOS -> 1;
          default ->
              throw new IllegalArgumentException(
                  "no pcap file: magic " + Integer.toHexString(magic));
        };
    linkType = file.getInt(20) & 0xFFFF;
  }

  /// The datagrams of a file given as bytes, in order.
  public static List<Datagram> read(byte[] bytes) {
    var pcap = new Pcap(bytes);
    pcap.readRecords();
    return List.copyOf(pcap.datagrams);
  }

  /// The datagrams of a resource on the class path, as in `/captures/chromium-vp8.pcap`.
  public static List<Datagram> resource(String name) {
    try (InputStream in = Pcap.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalArgumentException("no such capture: " + name);
      }
      return read(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void readRecords() {
    int at = FILE_HEADER_BYTES;
    while (at < file.limit()) {
      if (file.limit() - at < RECORD_HEADER_BYTES) {
        throw new IllegalArgumentException("record header cut at byte " + at);
      }
      long timeNanos =
          Integer.toUnsignedLong(file.getInt(at)) * 1_000_000_000L
              + Integer.toUnsignedLong(file.getInt(at + 4)) * nanosPerFraction;
      int captured = file.getInt(at + 8);
      at += RECORD_HEADER_BYTES;
      if (captured < 0 || captured > file.limit() - at) {
        throw new IllegalArgumentException("record of " + captured + " bytes cut at byte " + at);
      }
      readFrame(timeNanos, file.slice(at, captured).order(ByteOrder.BIG_ENDIAN));
      at += captured;
    }
  }

  private void readFrame(long timeNanos, ByteBuffer frame) {
    int linkBytes =
        switch (linkType) {
          case LINKTYPE_RAW -> 0;
          case LINKTYPE_NULL, LINKTYPE_LOOP ->
              4; // the address family; the IP version says the same
          case LINKTYPE_ETHERNET -> 14;
          case LINKTYPE_LINUX_SLL2 -> 20;
          default -> throw new IllegalArgumentException("link type " + linkType + " is not known");
        };
    if (frame.limit() <= linkBytes || !carriesIp(frame)) {
      return;
    }
    ByteBuffer ip = frame.slice(linkBytes, frame.limit() - linkBytes);
    switch (ip.get(0) >> 4 & 0xF) {
      case 4 -> readIpv4(timeNanos, ip);
      case 6 -> readIpv6(timeNanos, ip);
      default -> {}
    }
  }

  private boolean carriesIp(ByteBuffer frame) {
    int etherType =
        switch (linkType) {
          case LINKTYPE_ETHERNET -> frame.getShort(12) & 0xFFFF;
          case LINKTYPE_LINUX_SLL2 -> frame.getShort(0) & 0xFFFF;
          default -> ETHERTYPE_IPV4;
        };
    return etherType == ETHERTYPE_IPV4 || etherType == ETHERTYPE_IPV6;
  }

  private void readIpv4(long timeNanos, ByteBuffer ip) { // RFC 791 §3.1
    int headerBytes = 4 * (ip.get(0) & 0xF);
    if (ip.limit() < 20 || ip.limit() < headerBytes) {
      return;
    }
    boolean fragment = (ip.getShort(6) & 0x3FFF) != 0;
    if (!fragment && ip.get(9) == UDP) {
      readUdp(timeNanos, ip.slice(headerBytes, ip.limit() - headerBytes));
    }
  }

  private void readIpv6(long timeNanos, ByteBuffer ip) { // RFC 8200 §3, without extension headers
    if (ip.limit() >= 40 && ip.get(6) == UDP) {
      readUdp(timeNanos, ip.slice(40, ip.limit() - 40));
    }
  }

  private void readUdp(long timeNanos, ByteBuffer udp) { // RFC 768
    if (udp.limit() < UDP_HEADER_BYTES) {
      return;
    }
    int length = udp.getShort(4) & 0xFFFF;
    if (length < UDP_HEADER_BYTES || length > udp.limit()) {
      return;
    }
    byte[] payload = new byte[length - UDP_HEADER_BYTES];
    udp.get(UDP_HEADER_BYTES, payload);
    datagrams.add(
        new Datagram(timeNanos, udp.getShort(0) & 0xFFFF, udp.getShort(2) & 0xFFFF, payload));
  }
}
