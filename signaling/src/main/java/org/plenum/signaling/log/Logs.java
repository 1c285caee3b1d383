package org.plenum.signaling.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.plenum.signaling.config.LogLevel;
import org.plenum.signaling.config.ServerConfig;
import org.slf4j.LoggerFactory;

/// Sets up the log: ours from the level that is set, libraries from WARN, on standard error.
public final class Logs {
  private Logs() {}

  /// Once, before anything else happens. Does nothing under another logging library.
  public static void configure(ServerConfig.Log log) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.reset();
      configure(context, log);
    }
  }

  /// A context that has nothing yet.
  static void configure(LoggerContext context, ServerConfig.Log log) {
    LogLine line = new LogLine(log.format(), log.addresses());
    line.setContext(context);
    line.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setTarget("System.err");
    appender.setEncoder(line);
    appender.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(log.level() == LogLevel.ERROR ? Level.ERROR : Level.WARN);
    root.addAppender(appender);
    context.getLogger("org.plenum").setLevel(Level.toLevel(log.level().name()));
    // It warns of what clients send, for which they have an answer.
    context.getLogger("org.eclipse.jetty.http.HttpParser").setLevel(Level.ERROR);
  }
}
