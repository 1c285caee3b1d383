package org.plenum.sfu.transport;

/// What is known at one moment of the way to one viewer; counters run on.
///
/// @param sent packets that were handed to the port, of whatever kind
/// @param refused of these, those that the port did not take
/// @param overflows packets that the worker was too slow for, though no link held them back
/// @param reported packets of which feedback told the fate (transport-cc, RFC 8888)
/// @param lost of these, those that had not arrived
/// @param roundTripNanos by the viewer's latest report; -1 until there is one
/// @param queueNanos how long the video that waits takes to leave
public record PathReading(
    long sent,
    long refused,
    long overflows,
    long reported,
    long lost,
    long roundTripNanos,
    long queueNanos) {}
