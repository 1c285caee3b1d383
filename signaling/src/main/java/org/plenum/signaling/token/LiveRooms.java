package org.plenum.signaling.token;

import org.plenum.broadcast.live.Broadcasts;

/// What can be watched, and by whom.
public record LiveRooms(Broadcasts broadcasts, LiveLinks links) {}
