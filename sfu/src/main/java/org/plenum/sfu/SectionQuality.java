package org.plenum.sfu;

import org.jspecify.annotations.Nullable;
import org.plenum.sfu.quality.Quality;

/// How good a track is at a participant, by the section that it comes or goes in.
///
/// @param mid of a slot, or of a section in which the participant publishes
/// @param quality null: it is not rated any more, because nothing is to come
public record SectionQuality(Mid mid, @Nullable Quality quality) {}
