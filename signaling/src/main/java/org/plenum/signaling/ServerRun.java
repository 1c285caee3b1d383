package org.plenum.signaling;

import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.AddressText;
import org.plenum.sfu.worker.Groundwork;
import org.plenum.signaling.config.ConfigFile;
import org.plenum.signaling.config.InvalidConfigException;
import org.plenum.signaling.config.KeySource;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.log.Logs;

/// The server as a program: from its settings to its end.
///
/// It knows the two command lines that only start it, so that a start does without picocli: its
/// classes are in a format that no AOT cache takes, which made them a sixth of the time to ready.
final class ServerRun {
  /// What is said before a sentence that tells why.
  static final String CANNOT_START = "Plenum cannot start: ";

  private static final String CONFIG = "--config";

  private ServerRun() {}

  /// Whether these options say nothing but to start, with a file of settings or none. Whatever else
  /// picocli may make of them, it is not asked for these.
  static boolean isMeant(String... args) {
    return args.length == 0 || file(args) != null;
  }

  /// Serves until the process is told to stop, as these options mean. Returns the exit status: 0, 1
  /// if the server cannot start.
  static int execute(PrintWriter out, PrintWriter err, String... args) {
    try {
      run(file(args), out);
      return 0;
    } catch (InterruptedException | RuntimeException e) {
      return say(e, CANNOT_START, err);
    }
  }

  /// Serves until the process is told to stop.
  ///
  /// @param file of settings; null if there is none
  static void run(@Nullable Path file, PrintWriter out) throws InterruptedException {
    Groundwork groundwork = Groundwork.begin();
    ServerConfig config = ConfigFile.load(file);
    Logs.configure(config.log());
    // Libraries that log by java.util.logging may speak up only when something is wrong.
    Logger.getLogger("").setLevel(Level.WARNING);
    PlenumServer server =
        PlenumServer.start(config, new KeySource(file, config.auth()), groundwork);
    CountDownLatch stopped = new CountDownLatch(1);
    Thread shutdown =
        Thread.ofPlatform()
            .name("shutdown")
            .unstarted(
                () -> {
                  drain(server, config);
                  server.close();
                  stopped.countDown();
                });
    Runtime.getRuntime().addShutdownHook(shutdown);
    StopSignals.handle(server::endDrain);
    out.println("Plenum is at " + address(config, server.httpPort()));
    stopped.await();
  }

  /// What the operator can fix is told in one sentence; anything else is our bug and comes
  /// with a stack trace. Returns the exit status.
  ///
  /// @param before the sentence
  static int say(Exception failure, String before, PrintWriter err) {
    if (failure instanceof InvalidConfigException || failure instanceof IllegalStateException) {
      err.println(before + failure.getMessage());
    } else {
      failure.printStackTrace(err);
    }
    return 1;
  }

  /// What a person on this host types into a browser, without a slash at the end.
  ///
  /// @param port that HTTP is bound to
  static String address(ServerConfig config, int port) {
    String scheme = config.web().tls() ? "https" : "http";
    return scheme + "://" + host(config) + ":" + port + config.web().pathPrefix();
  }

  private static String host(ServerConfig config) {
    InetAddress address = InetAddress.ofLiteral(config.http().host());
    boolean local = address.isAnyLocalAddress() || address.isLoopbackAddress();
    return local ? "localhost" : AddressText.host(address);
  }

  private static void drain(PlenumServer server, ServerConfig config) {
    try {
      server.drain(config.drain());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// What stands after --config, if that is all there is and no riddle.
  private static @Nullable Path file(String... args) {
    if (args.length == 2 && args[0].equals(CONFIG)) {
      return plain(args[1]);
    }
    String begun = CONFIG + "=";
    return args.length == 1 && args[0].startsWith(begun)
        ? plain(args[0].substring(begun.length()))
        : null;
  }

  /// The file, if picocli would take its name as it stands: files of options, options, quotes,
  /// nothing, and what is no name are for picocli to judge.
  private static @Nullable Path plain(String file) {
    if (file.isEmpty() || "-@\"'".indexOf(file.charAt(0)) >= 0) {
      return null;
    }
    try {
      return Path.of(file);
    } catch (InvalidPathException e) {
      return null;
    }
  }
}
