package org.plenum.sfu.quality;

/// A second of a track within the server, at one viewer's slot.
///
/// @param packets that were to be sent
/// @param sendFailures of these, those that the kernel did not take
/// @param overflows of these, those that waited too long for a viewer whose link is not the reason:
///     the server could not keep up
/// @param delayMillis how long the worker took at most from a packet's arrival to its turn
public record ServerSecond(int packets, int sendFailures, int overflows, int delayMillis) {
  /// A second without fault.
  public static final ServerSecond CLEAN = new ServerSecond(100, 0, 0, 0);

  /// 0 to 1.
  public double dropped() {
    return Fractions.of(sendFailures + overflows, packets);
  }
}
