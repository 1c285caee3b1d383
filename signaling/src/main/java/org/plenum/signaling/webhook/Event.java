package org.plenum.signaling.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;

/// Something that happened in a room.
///
/// @param index of the journal, counts all events
/// @param room name of the room
/// @param body as receivers get it, in JSON
public record Event(long index, String room, ObjectNode body) {}
