package org.plenum.signaling.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.plenum.signaling.config.LogFormat;
import org.slf4j.event.KeyValuePair;

/// Writes an event as one line; what is known of room and participant stands in fields of its own.
final class LogLine extends EncoderBase<ILoggingEvent> {
  private final LogFormat format;
  private final Redaction redaction;

  LogLine(LogFormat format, boolean addresses) {
    this.format = format;
    this.redaction = new Redaction(addresses);
  }

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    String line =
        switch (format) {
          case TEXT -> text(event);
          case JSON -> json(event);
        };
    return (line + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private String text(ILoggingEvent event) {
    StringBuilder line = new StringBuilder();
    line.append(time(event)).append(' ').append(event.getLevel()).append(' ').append(name(event));
    for (KeyValuePair pair : fields(event)) {
      line.append(' ').append(pair.key).append('=').append(clean(String.valueOf(pair.value)));
    }
    line.append(' ').append(clean(event.getFormattedMessage()));
    IThrowableProxy failure = event.getThrowableProxy();
    if (failure != null) {
      line.append(" | ").append(clean(ThrowableProxyUtil.asString(failure).strip()));
    }
    return oneLine(line);
  }

  private String json(ILoggingEvent event) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("time", time(event).toString());
    line.put("level", event.getLevel().toString());
    line.put("logger", event.getLoggerName());
    for (KeyValuePair pair : fields(event)) {
      line.put(pair.key, clean(String.valueOf(pair.value)));
    }
    line.put("message", clean(event.getFormattedMessage()));
    IThrowableProxy failure = event.getThrowableProxy();
    if (failure != null) {
      line.put("failure", clean(ThrowableProxyUtil.asString(failure).strip()));
    }
    return line.toString();
  }

  private String clean(String text) {
    return redaction.apply(text);
  }

  /// Also so that nobody can forge a line by putting a line break into a name.
  private static String oneLine(StringBuilder text) {
    StringBuilder line = new StringBuilder(text.length());
    text.toString()
        .replace("\r\n", " | ")
        .replace("\n", " | ")
        .codePoints()
        .map(point -> Character.isISOControl(point) ? ' ' : point)
        .forEach(line::appendCodePoint);
    return line.toString();
  }

  private static Instant time(ILoggingEvent event) {
    return Instant.ofEpochMilli(event.getTimeStamp());
  }

  private static String name(ILoggingEvent event) {
    String name = event.getLoggerName();
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private static List<KeyValuePair> fields(ILoggingEvent event) {
    return Objects.requireNonNullElse(event.getKeyValuePairs(), List.of());
  }
}
