package org.plenum.signaling.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.plenum.signaling.protocol.IceServer;

/// The setting `ice.servers`.
final class IceServers {
  private static final String ALLOWED = "a list of { urls = [\"stun:…\"], username, credential }";

  static final SettingType<List<IceServer>> TYPE =
      new SettingType<>("servers", ALLOWED, true, IceServers::read);

  private IceServers() {}

  private static @Nullable List<IceServer> read(Object value) {
    if (!(value instanceof List<?> list)) {
      return null;
    }
    List<IceServer> servers = new ArrayList<>();
    for (Object each : list) {
      if (!(each instanceof Map<?, ?> fields)) {
        return null;
      }
      servers.add(server(fields));
    }
    return List.copyOf(servers);
  }

  private static IceServer server(Map<?, ?> fields) {
    for (Object key : fields.keySet()) {
      if (!List.of("urls", "username", "credential").contains(key)) {
        throw new IllegalArgumentException("must be " + ALLOWED + ": unknown field " + key);
      }
    }
    if (!(fields.get("urls") instanceof List<?> urls)) {
      throw new IllegalArgumentException("must be " + ALLOWED + ": urls must be a list");
    }
    try {
      return new IceServer(
          urls.stream().map(Object::toString).toList(),
          text(fields, "username"),
          text(fields, "credential"));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("must be " + ALLOWED + ": " + e.getMessage(), e);
    }
  }

  private static @Nullable String text(Map<?, ?> fields, String name) {
    Object value = fields.get(name);
    return value == null ? null : value.toString();
  }
}
