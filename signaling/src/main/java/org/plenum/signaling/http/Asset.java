package org.plenum.signaling.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// A file of the page, from the class path.
///
/// @param zipped the same in gzip; null if that would not be much smaller
/// @param etag changes with the bytes
record Asset(byte[] bytes, byte @Nullable [] zipped, String contentType, String etag) {
  /// What is not made smaller by a tenth is sent as it is: pictures, for one.
  private static final double WORTH = 0.9;

  private static final Map<String, String> CONTENT_TYPES =
      Map.ofEntries(
          Map.entry("html", "text/html; charset=utf-8"),
          Map.entry("js", "text/javascript; charset=utf-8"),
          Map.entry("ts", "text/plain; charset=utf-8"),
          Map.entry("mjs", "text/javascript; charset=utf-8"),
          Map.entry("css", "text/css; charset=utf-8"),
          Map.entry("json", "application/json"),
          Map.entry("webmanifest", "application/manifest+json"),
          Map.entry("svg", "image/svg+xml"),
          Map.entry("png", "image/png"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("woff2", "font/woff2"),
          Map.entry("wasm", "application/wasm"),
          Map.entry("tflite", "application/octet-stream"),
          Map.entry("binarypb", "application/octet-stream"),
          Map.entry("txt", "text/plain; charset=utf-8"),
          Map.entry("md", "text/plain; charset=utf-8"));

  /// Returns null if there is none, or its type is none that we serve.
  ///
  /// @param path below the page's root, without a slash in front
  static @Nullable Asset load(String path) {
    String contentType = CONTENT_TYPES.get(path.substring(path.lastIndexOf('.') + 1));
    if (contentType == null) {
      return null;
    }
    try (InputStream resource = Asset.class.getResourceAsStream("/web/" + path)) {
      if (resource == null) {
        return null;
      }
      byte[] bytes = resource.readAllBytes();
      return of(bytes, contentType);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The same page for an address that lies elsewhere: what it names beside itself, by `./`, is to
  /// be sought there.
  ///
  /// @param way from that address to where this file lies, as `../`
  Asset below(String way) {
    String text = new String(bytes, StandardCharsets.UTF_8).replace("=\"./", "=\"" + way);
    byte[] moved = text.getBytes(StandardCharsets.UTF_8);
    return of(moved, contentType);
  }

  private static Asset of(byte[] bytes, String contentType) {
    byte[] zipped = zip(bytes);
    boolean worth = zipped.length < bytes.length * WORTH;
    return new Asset(bytes, worth ? zipped : null, contentType, '"' + digest(bytes) + '"');
  }

  private static byte[] zip(byte[] bytes) {
    var zipped = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(zipped)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return zipped.toByteArray();
  }

  private static String digest(byte[] bytes) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(hash, 0, 12);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
