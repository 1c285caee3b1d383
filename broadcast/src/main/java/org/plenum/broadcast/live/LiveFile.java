package org.plenum.broadcast.live;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// A file of a broadcast as it is served. Any thread.
public final class LiveFile {
  /// RFC 8216 §4.
  private static final String PLAYLIST_TYPE = "application/vnd.apple.mpegurl";

  private static final int DIGEST_BYTES = 12;

  /// @param gzip null where that saves nothing
  /// @param etag in quotes
  private record Content(byte[] bytes, byte @Nullable [] gzip, String etag) {}

  private final String contentType;
  private final boolean immutable;
  private final Supplier<Content> maker;
  private volatile @Nullable Content content;

  private LiveFile(String contentType, boolean immutable, Supplier<Content> maker) {
    this.contentType = contentType;
    this.immutable = immutable;
    this.maker = maker;
  }

  /// A playlist, which is written when it is asked for first.
  static LiveFile playlist(Supplier<String> text) {
    return new LiveFile(
        PLAYLIST_TYPE,
        false,
        () -> {
          byte[] bytes = text.get().getBytes(StandardCharsets.UTF_8);
          return new Content(bytes, gzip(bytes), '"' + digest(bytes) + '"');
        });
  }

  /// @param path tells its bytes already: no other file ever has it
  static LiveFile media(String contentType, String path, byte[] bytes) {
    var content = new Content(bytes, null, '"' + path + '"');
    return new LiveFile(contentType, true, () -> content);
  }

  /// One that comes from another server, as it is there.
  ///
  /// @param etag in quotes
  /// @param bytes not to be changed
  public static LiveFile copy(String contentType, boolean immutable, String etag, byte[] bytes) {
    return new LiveFile(
        contentType, immutable, () -> new Content(bytes, immutable ? null : gzip(bytes), etag));
  }

  /// Not to be changed.
  public byte[] bytes() {
    return content().bytes();
  }

  /// The same, compressed; null where that saves nothing. Not to be changed.
  public byte @Nullable [] gzip() {
    return content().gzip();
  }

  public String contentType() {
    return contentType;
  }

  /// As HTTP has it, in quotes: changes with the bytes.
  public String etag() {
    return content().etag();
  }

  /// Whether a file of this name never has other bytes.
  public boolean immutable() {
    return immutable;
  }

  /// Two threads may make it at the same time: the same.
  private Content content() {
    Content present = content;
    if (present == null) {
      present = maker.get();
      content = present;
    }
    return present;
  }

  /// Once for everybody.
  private static byte[] gzip(byte[] bytes) {
    var out = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static String digest(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(hash, 0, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
