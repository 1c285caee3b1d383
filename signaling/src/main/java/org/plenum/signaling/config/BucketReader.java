package org.plenum.signaling.config;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.plenum.signaling.bucket.BucketSettings;

/// Reads `recording.s3`, which is there whole or not at all.
final class BucketReader {
  /// Names of Amazon's, and older ones.
  private static final Pattern BUCKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{1,62}");

  /// What can stand in a host's name.
  private static final Pattern HOST_BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");

  /// What needs no escaping in an address, so that what is signed is what is sent.
  private static final Pattern PREFIX =
      Pattern.compile("([A-Za-z0-9_-][A-Za-z0-9._-]*/)*([A-Za-z0-9_-][A-Za-z0-9._-]*/?)?");

  private static final Pattern REGION = Pattern.compile("[A-Za-z0-9-]{1,64}");

  private BucketReader() {}

  /// Null if there is no bucket.
  static @Nullable BucketSettings read(ConfigReader reader) {
    String bucket = reader.value(Settings.RECORDING_S3_BUCKET);
    Path secretFile = reader.path(Settings.RECORDING_S3_SECRET_FILE);
    String secret = reader.value(Settings.RECORDING_S3_SECRET);
    if (bucket.isEmpty()) {
      requireEmpty(reader);
      return null;
    }
    if (reader.path(Settings.DATA_DIR) == null) {
      throw ConfigReader.refused(
          Settings.RECORDING_S3_BUCKET,
          "empty while data.dir is: that is where they begin",
          bucket);
    }
    boolean pathStyle = reader.value(Settings.RECORDING_S3_PATH_STYLE);
    if (!(pathStyle ? BUCKET : HOST_BUCKET).matcher(bucket).matches()) {
      throw ConfigReader.refused(
          Settings.RECORDING_S3_BUCKET,
          pathStyle
              ? "3 to 63 letters, digits, '.', '_' and '-'"
              : "a name of lower-case letters, digits, '.' and '-' while recording.s3.path-style is"
                  + " false",
          bucket);
    }
    String keyId = reader.value(Settings.RECORDING_S3_KEY_ID);
    if (keyId.isEmpty()) {
      throw missing(Settings.RECORDING_S3_KEY_ID.key());
    }
    if (secret.isEmpty() == (secretFile == null)) {
      throw secret.isEmpty()
          ? missing(Settings.RECORDING_S3_SECRET.key() + " or " + secretFileKey())
          : new InvalidConfigException(
              Settings.RECORDING_S3_SECRET.key()
                  + " and "
                  + secretFileKey()
                  + " contradict each other: set one of them");
    }
    String region = matching(reader, Settings.RECORDING_S3_REGION, REGION, "a region's name");
    var read =
        new BucketSettings(
            endpoint(reader, region),
            region,
            bucket,
            prefix(reader),
            pathStyle,
            keyId,
            secret,
            secretFile);
    try {
      read.currentSecret();
    } catch (IOException e) {
      throw new InvalidConfigException(
          secretFileKey() + " " + secretFile + " cannot be read: " + e);
    }
    return read;
  }

  private static void requireEmpty(ConfigReader reader) {
    for (Setting<String> setting :
        List.of(
            Settings.RECORDING_S3_ENDPOINT,
            Settings.RECORDING_S3_PREFIX,
            Settings.RECORDING_S3_KEY_ID,
            Settings.RECORDING_S3_SECRET,
            Settings.RECORDING_S3_SECRET_FILE)) {
      if (!reader.value(setting).isEmpty()) {
        throw new InvalidConfigException(
            Settings.RECORDING_S3_BUCKET.key() + " must be set, as " + setting.key() + " is");
      }
    }
  }

  private static InvalidConfigException missing(String key) {
    return new InvalidConfigException(
        key + " must be set, as " + Settings.RECORDING_S3_BUCKET.key() + " is");
  }

  private static String secretFileKey() {
    return Settings.RECORDING_S3_SECRET_FILE.key();
  }

  private static String matching(
      ConfigReader reader, Setting<String> setting, Pattern form, String allowed) {
    String text = reader.value(setting);
    if (!form.matcher(text).matches()) {
      throw ConfigReader.refused(setting, allowed, text);
    }
    return text;
  }

  private static String prefix(ConfigReader reader) {
    String text =
        matching(
            reader,
            Settings.RECORDING_S3_PREFIX,
            PREFIX,
            "names of letters, digits, '.', '_' and '-' with slashes between them");
    return text.isEmpty() || text.endsWith("/") ? text : text + "/";
  }

  private static URI endpoint(ConfigReader reader, String region) {
    String text = reader.value(Settings.RECORDING_S3_ENDPOINT);
    if (text.isEmpty()) {
      return URI.create("https://s3." + region + ".amazonaws.com");
    }
    URI url = WebhookUrls.parse(text);
    if (url == null
        || !(url.getRawPath().isEmpty() || url.getRawPath().equals("/"))
        || url.getRawQuery() != null
        || url.getRawFragment() != null
        || url.getRawUserInfo() != null) {
      throw ConfigReader.refused(
          Settings.RECORDING_S3_ENDPOINT, "http(s)://HOST or http(s)://HOST:PORT", text);
    }
    int usual = url.getScheme().equals("https") ? 443 : 80;
    String port = url.getPort() < 0 || url.getPort() == usual ? "" : ":" + url.getPort();
    return URI.create(url.getScheme() + "://" + url.getHost() + port);
  }
}
