package org.plenum.signaling.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.plenum.signaling.data.DurableFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Remembers over a restart how far each receiver has come.
final class Cursors {
  private static final Logger LOG = LoggerFactory.getLogger(Cursors.class);
  private static final JsonMapper MAPPER = new JsonMapper();

  private final @Nullable Path file;

  Cursors(@Nullable Path data) {
    this.file = data == null ? null : data.resolve("webhooks.json");
  }

  /// A receiver that is new hears of what happens from now on.
  long cursor(URI url, long newest) {
    if (file == null || !Files.exists(file)) {
      return newest;
    }
    try {
      JsonNode saved = MAPPER.readTree(Files.readString(file)).get(url.toString());
      return saved == null ? newest : Math.min(newest, saved.asLong());
    } catch (IOException e) {
      LOG.warn("webhooks.json cannot be read, receivers begin anew: {}", e.toString());
      return newest;
    }
  }

  void save(List<Delivery> deliveries) {
    if (file == null) {
      return;
    }
    ObjectNode cursors = MAPPER.createObjectNode();
    deliveries.forEach(each -> cursors.put(each.url().toString(), each.cursor()));
    try {
      DurableFiles.replace(file, cursors.toString().getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      LOG.warn("webhooks.json cannot be written: {}", e.toString());
    }
  }
}
