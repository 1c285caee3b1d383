package org.plenum.ice;

/// Keeps a server from being worth anything as a reflector: whoever has shown nothing is never sent
/// more bytes than came from there before. What is too short for its answer is saved up, and pays
/// for the answer when it comes again. A table of fixed size; a prefix ([AddressPrefix]) that takes
/// another one's place takes nothing of what that has saved. Owned by one thread.
public final class AnswerCredit {
  /// No more is saved up than pays for one or two answers, of 60 bytes at the most.
  private static final short MOST_SAVED_BYTES = 127;

  /// Whoever sends media sends this much in a second, if only sound. A browser that looks for a
  /// path asks a dozen times: by each of its networks, for its address and for relays.
  private static final short EARNED_BYTES = 4_000;

  /// A client has to find its place again when it asks again, a quarter of a second later.
  private static final int PLACE_BITS = 14;

  private final long[] prefixes = new long[1 << PLACE_BITS];
  private final short[] saved = new short[1 << PLACE_BITS];
  private final long seed;

  /// @param seed unknown to clients, so that nobody can aim at another's place
  public AnswerCredit(long seed) {
    this.seed = seed;
  }

  /// Whoever is at the other end of this path has authenticated themselves, receives there, and
  /// sent more by it than answers take: their next requests are answered at once. A browser takes a
  /// relay over TCP if that over UDP is a quarter of a second later.
  public void earn(NetworkPath from) {
    long prefix = AddressPrefix.of(from.remoteHigh(), from.remoteLow());
    int place = place(prefix);
    prefixes[place] = prefix;
    saved[place] = EARNED_BYTES;
  }

  /// Whether a request that came from there may be answered; if so the answer is paid for, else the
  /// request is saved up. Headers of IP and UDP do not count: there is no more than one answer for
  /// each request.
  ///
  /// @param high of the address it came from, as in [NetworkPath#remoteHigh]
  public boolean pays(long high, long low, int requestBytes, int answerBytes) {
    long prefix = AddressPrefix.of(high, low);
    int place = place(prefix);
    int before = prefixes[place] == prefix ? saved[place] : 0;
    int has = before + requestBytes;
    boolean enough = has >= answerBytes;
    prefixes[place] = prefix;
    int left = enough ? has - answerBytes : has;
    saved[place] = (short) Math.min(left, Math.max(before, MOST_SAVED_BYTES));
    return enough;
  }

  private int place(long prefix) {
    return (int) ((prefix ^ seed) * 0x9E37_79B9_7F4A_7C15L >>> Long.SIZE - PLACE_BITS);
  }
}
