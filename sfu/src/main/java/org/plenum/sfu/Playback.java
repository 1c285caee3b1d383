package org.plenum.sfu;

/// How a participant's own client says that it sees the call; nothing of it can be checked.
///
/// @param freezes how often a picture stood still, all pictures together
/// @param frozenMillis for how long, all together
/// @param relayed whether its media goes by a relay
public record Playback(long freezes, long frozenMillis, boolean relayed) {}
