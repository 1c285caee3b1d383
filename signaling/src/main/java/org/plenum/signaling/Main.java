package org.plenum.signaling;

import java.io.PrintWriter;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.AddressText;
import org.plenum.signaling.config.ConfigFile;
import org.plenum.signaling.config.InvalidConfigException;
import org.plenum.signaling.config.KeySource;
import org.plenum.signaling.config.ServerConfig;
import org.plenum.signaling.log.Logs;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// The command line of the server.
@Command(
    name = "plenum",
    description = "An SFU multiparty conferencing server.",
    versionProvider = Main.Version.class,
    subcommands = TokenCommand.class,
    mixinStandardHelpOptions = true)
public final class Main implements Callable<Integer> {
  @Option(names = "--config", paramLabel = "FILE", description = "Settings in HOCON.")
  private @Nullable Path config;

  @Option(names = "--print-config", description = "Print the settings in force and exit.")
  private boolean printConfig;

  @Option(
      names = "--check-config",
      description =
          "Say whether a server with these settings could start now, its files and ports included,"
              + " and exit.")
  private boolean checkConfig;

  @Spec private @Nullable CommandSpec spec;

  private Main() {}

  public static void main(String[] args) {
    System.exit(
        execute(
            new PrintWriter(System.out, true, System.out.charset()),
            new PrintWriter(System.err, true, System.err.charset()),
            args));
  }

  /// Returns the exit status: 0, 1 if the server cannot start, 2 for a wrong option.
  static int execute(PrintWriter out, PrintWriter err, String... args) {
    return new CommandLine(new Main())
        .setOut(out)
        .setErr(err)
        .setExecutionExceptionHandler(Main::onFailure)
        .execute(args);
  }

  @Override
  public Integer call() throws InterruptedException {
    if (spec == null) {
      throw new IllegalStateException("picocli did not say who we are");
    }
    PrintWriter out = spec.commandLine().getOut();
    if (printConfig) {
      out.println(ConfigFile.print(config).strip());
      return 0;
    }
    ServerConfig read = ConfigFile.load(config);
    if (checkConfig) {
      List<String> problems = StartCheck.problems(read);
      PrintWriter err = spec.commandLine().getErr();
      problems.forEach(problem -> err.println("Plenum cannot start: " + problem));
      if (problems.isEmpty()) {
        out.println("The settings are valid, and Plenum could start now.");
      }
      return problems.isEmpty() ? 0 : 1;
    }
    Logs.configure(read.log());
    run(read, new KeySource(config, read.auth()), out);
    return 0;
  }

  /// Serves until the process is told to stop.
  private static void run(ServerConfig config, KeySource keys, PrintWriter out)
      throws InterruptedException {
    // Libraries that log by java.util.logging may speak up only when something is wrong.
    Logger.getLogger("").setLevel(Level.WARNING);
    PlenumServer server = PlenumServer.start(config, keys);
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

  private static void drain(PlenumServer server, ServerConfig config) {
    try {
      server.drain(config.drain());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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

  /// What the operator can fix is told in one sentence; anything else is our bug and comes
  /// with a stack trace.
  private static int onFailure(
      Exception failure, CommandLine commandLine, CommandLine.ParseResult parsed) {
    PrintWriter err = commandLine.getErr();
    if (failure instanceof InvalidConfigException || failure instanceof IllegalStateException) {
      String cannot = parsed.hasSubcommand() ? "" : "Plenum cannot start: ";
      err.println(cannot + failure.getMessage());
    } else {
      failure.printStackTrace(err);
    }
    return 1;
  }

  /// The version in the jar's manifest.
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"Plenum " + (version == null ? "(development)" : version)};
    }
  }
}
