package org.plenum.signaling.token;

import org.jspecify.annotations.Nullable;

/// A token that was found valid, or what stands for one where none is asked for.
///
/// @param identity the claim `sub`: who it is, by the words of those who made the token
/// @param name what others are shown, or null
/// @param metadata for other participants' programs, or null
/// @param digest of what was signed, so that the token is known again; empty without one
/// @param issuedSeconds since the epoch (`iat`, else `nbf`), or null
/// @param expirySeconds since the epoch
public record Token(
    @Nullable String identity,
    @Nullable String name,
    @Nullable String metadata,
    Grants grants,
    String digest,
    @Nullable Long issuedSeconds,
    long expirySeconds) {
  static final Token OPEN = new Token(null, null, null, Grants.OPEN, "", null, Long.MAX_VALUE);
}
