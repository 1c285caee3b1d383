package org.plenum.bench.client;

/// The part of one client in a run.
///
/// @param room its name
/// @param name what others are shown
/// @param publishes whether it sends media
/// @param seats slots of audio and video that it asks for
/// @param viewers how many others receive what it sends
public record ClientPlan(String room, String name, boolean publishes, int seats, int viewers) {}
