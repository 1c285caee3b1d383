package org.plenum.signaling;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.plenum.signaling.config.ConfigFile;
import org.plenum.signaling.config.ServerConfig;
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
    subcommands = {TokenCommand.class, ComposeCommand.class},
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
    PrintWriter out = new PrintWriter(System.out, true, System.out.charset());
    PrintWriter err = new PrintWriter(System.err, true, System.err.charset());
    System.exit(
        ServerRun.isMeant(args) ? ServerRun.execute(out, err, args) : execute(out, err, args));
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
    if (checkConfig) {
      ServerConfig read = ConfigFile.load(config);
      List<String> problems = StartCheck.problems(read);
      PrintWriter err = spec.commandLine().getErr();
      problems.forEach(problem -> err.println(ServerRun.CANNOT_START + problem));
      if (problems.isEmpty()) {
        out.println("The settings are valid, and Plenum could start now.");
      }
      return problems.isEmpty() ? 0 : 1;
    }
    ServerRun.run(config, out);
    return 0;
  }

  private static int onFailure(
      Exception failure, CommandLine commandLine, CommandLine.ParseResult parsed) {
    PrintWriter err = commandLine.getErr();
    return parsed.hasSubcommand()
        ? ServerRun.say(failure, "", err)
        : ServerRun.say(failure, ServerRun.CANNOT_START, err);
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
