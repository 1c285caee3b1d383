package org.plenum.bench.client;

/// The numbers every load client offers: payload types and ids of header extensions, as Chromium
/// chooses them.
public final class Numbers {
  public static final int OPUS = 111;
  public static final int AUDIO_LEVEL = 1;
  public static final int ABS_SEND_TIME = 2;
  public static final int TRANSPORT_CC = 3;
  public static final int MID = 4;

  private Numbers() {}
}
