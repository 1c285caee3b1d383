package org.plenum.sfu.dtls;

/// A certificate fingerprint as SDP carries it (RFC 8122 §5).
///
/// @param hash lower case, as in SDP: sha-256, sha-384 or sha-512
/// @param value upper-case hexadecimal bytes joined by colons
public record DtlsFingerprint(String hash, String value) {}
