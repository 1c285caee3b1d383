package org.plenum.cluster;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A [NodeInfo] as lines of `key=value`; unknown keys are ignored.
public final class NodeInfoText {
  private static final int MOST_BYTES = 16 * 1024;
  private static final int MOST_ADDRESSES = 16;

  private NodeInfoText() {}

  public static byte[] bytes(NodeInfo info) {
    var text = new StringBuilder();
    line(text, "name", info.name());
    line(text, "id", info.id());
    info.urls().forEach(url -> line(text, "url", url));
    info.media().forEach(address -> line(text, "media", address));
    line(text, "region", info.region());
    line(text, "version", info.version());
    line(text, "load", info.load() + "");
    line(text, "rooms", info.rooms() + "");
    line(text, "participants", info.participants() + "");
    line(text, "draining", info.draining() + "");
    line(text, "millis", info.millis() + "");
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void line(StringBuilder text, String key, String value) {
    text.append(key).append('=').append(value.replace('\n', ' ')).append('\n');
  }

  /// Returns null if it is none.
  public static @Nullable NodeInfo parse(byte[] bytes) {
    if (bytes.length > MOST_BYTES) {
      return null;
    }
    Map<String, String> values = new HashMap<>();
    List<String> urls = new ArrayList<>();
    List<String> media = new ArrayList<>();
    for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n", -1)) {
      int at = line.indexOf('=');
      if (at > 0) {
        String key = line.substring(0, at);
        String value = line.substring(at + 1);
        List<String> list = key.equals("url") ? urls : key.equals("media") ? media : null;
        if (list == null) {
          values.put(key, value);
        } else if (list.size() < MOST_ADDRESSES) {
          list.add(value);
        }
      }
    }
    String name = values.getOrDefault("name", "");
    String id = values.getOrDefault("id", "");
    if (name.isEmpty() || id.isEmpty()) {
      return null;
    }
    return new NodeInfo(
        name,
        id,
        urls,
        media,
        values.getOrDefault("region", ""),
        values.getOrDefault("version", ""),
        (int) number(values.get("load")),
        (int) number(values.get("rooms")),
        (int) number(values.get("participants")),
        Boolean.parseBoolean(values.get("draining")),
        number(values.get("millis")));
  }

  private static long number(@Nullable String text) {
    try {
      return text == null ? 0 : Math.max(0, Long.parseLong(text));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
