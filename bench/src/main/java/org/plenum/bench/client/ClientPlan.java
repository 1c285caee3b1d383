package org.plenum.bench.client;

/// The part of one client in a run.
///
/// @param room its name
/// @param audience names those who receive the same
/// @param publisher the number in the room of the one it is, or the only one that it views; else 0
/// @param name what others are shown
/// @param publishes whether it sends media
/// @param seats slots of audio and video that it asks for
/// @param viewers how many others receive what it sends
public record ClientPlan(
    String room,
    String audience,
    int publisher,
    String name,
    boolean publishes,
    int seats,
    int viewers) {}
