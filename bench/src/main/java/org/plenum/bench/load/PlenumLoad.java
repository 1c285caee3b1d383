package org.plenum.bench.load;

import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.plenum.bench.client.ClientOptions;
import org.plenum.bench.client.VideoShape;
import org.plenum.bench.signaling.ClientSignaling;
import org.plenum.bench.signaling.Endpoints;
import org.plenum.bench.signaling.WebSocketSignaling;
import org.plenum.bench.signaling.WhipSignaling;
import org.plenum.sfu.srtp.SrtpProfile;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// The command line of the load tool.
@Command(
    name = "plenum-load",
    description =
        "Many WebRTC clients in one process, to measure a server on the same machine: publishers"
            + " send media of real shape, viewers verify every packet.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:All went well, and each --require is met.",
      "1:The run did not come to an end: a client could not join, a process is not there.",
      "2:The command line was wrong.",
      "3:A packet came that should not have, or not so: damaged, misnumbered, not to be decrypted.",
      "4:A --require was missed, or its figure not measured; each is named on stderr."
    })
public final class PlenumLoad implements Callable<Integer> {
  private static final int UNSOUND = 3;
  private static final int MISSED = 4;

  @Option(
      names = "--url",
      defaultValue = "http://127.0.0.1:8080",
      description = "The server's page (default: ${DEFAULT-VALUE}).")
  private URI url = URI.create("http://127.0.0.1:8080");

  @Option(names = "--server-pid", description = "Process whose CPU and memory are measured.")
  private long serverPid;

  @Option(names = "--rooms", defaultValue = "1", description = "Rooms alike (default: 1).")
  private int rooms;

  @Option(names = "--publishers", defaultValue = "1", description = "In each room (default: 1).")
  private int publishers;

  @Option(names = "--viewers", defaultValue = "0", description = "In each room (default: 0).")
  private int viewers;

  @Option(
      names = "--conference",
      paramLabel = "N",
      description = "N publishers in each room who view each other, instead of --publishers.")
  private int conference;

  @Option(names = "--video-kbps", defaultValue = "1000", description = "0: none (default: 1000).")
  private long videoKbps;

  @Option(names = "--fps", defaultValue = "25", description = "Video frames (default: 25).")
  private int framesPerSecond;

  @Option(
      names = "--codec",
      defaultValue = "vp8",
      description = "Shape of the video: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private VideoShape shape = VideoShape.VP8;

  @Option(
      names = "--no-audio",
      negatable = true,
      description = "Without sound, which else has 50 packets of 80 bytes a second.")
  private boolean noAudio;

  @Option(
      names = "--saturate",
      paramLabel = "FRAMES",
      description =
          "Each video source keeps so many frames on their way, as fast as viewers get them,"
              + " instead of --fps.")
  private int window;

  @Option(names = "--srtp", defaultValue = "gcm", description = "gcm or cm (default: gcm).")
  private String srtp = "gcm";

  @Option(names = "--warm-up", defaultValue = "3", description = "Seconds (default: 3).")
  private double warmUpSeconds;

  @Option(names = "--duration", defaultValue = "10", description = "Seconds (default: 10).")
  private double seconds;

  @Option(names = "--ramp", paramLabel = "JOINS", description = "Joins a second at the most.")
  private double joinsPerSecond;

  @Option(
      names = "--step",
      paramLabel = "N:SECONDS",
      converter = StepsOption.class,
      description =
          "N clients join at a time, room by room, and so many seconds later the next; each step is"
              + " measured after its warm-up.")
  private Course.@Nullable Steps steps;

  @Option(
      names = "--churn",
      paramLabel = "CLIENTS",
      description =
          "So many clients leave in each second of the measured window, and others like them come:"
              + " viewers, or publishers if there are none.")
  private double churnPerSecond;

  @Option(names = "--threads", defaultValue = "1", description = "Event loops (default: 1).")
  private int threads;

  @Option(
      names = "--protocol",
      defaultValue = "websocket",
      description = "How clients come in: ${COMPLETION-CANDIDATES} (default: websocket).")
  private LoadSettings.Protocol protocol = LoadSettings.Protocol.WEBSOCKET;

  @Option(
      names = "--whip-url",
      paramLabel = "URL",
      description =
          "Where publishers come in by WHIP at any server, with --whep-url, instead of --url and"
              + " --protocol: {room} in it is the name of the room, {publisher} the number of the"
              + " publisher in it.")
  private @Nullable String whipUrl;

  @Option(
      names = "--whep-url",
      paramLabel = "URL",
      description =
          "Where viewers come in by WHEP, with --whip-url; with {publisher} each of --publishers"
              + " has --viewers of its own.")
  private @Nullable String whepUrl;

  @Option(
      names = "--browsers",
      paramLabel = "N",
      description =
          "N headless Chromiums (/usr/bin/chromium) view one more that sends, in a room beside; for"
              + " our own server's page, if it asks for no token.")
  private int browsers;

  @Option(
      names = "--relay",
      description =
          "All media goes by the server's own TURN server (turn.own), over channels, UDP; with"
              + " --protocol websocket.")
  private boolean relayed;

  @Option(
      names = "--token",
      paramLabel = "JWT",
      defaultValue = "${env:PLENUM_TOKEN}",
      description = "For servers that ask for one, by WHIP and WHEP (default: PLENUM_TOKEN).")
  private @Nullable String token;

  @Option(names = "--json", paramLabel = "FILE", description = "Where to write the result too.")
  private @Nullable Path json;

  @Option(
      names = "--report",
      paramLabel = "FILE.html",
      description = "Where to write the result as a page with plots too.")
  private @Nullable Path report;

  @Option(
      names = "--require",
      paramLabel = "FIGURE>=N",
      converter = RequirementOption.class,
      description =
          "What the result must be, with >=, <=, > or <; may be given several times:"
              + " 'delivered>=99.9', 'delay.p99<=20', 'server.cpu<=6', 'join.p99<=500'. A wrong"
              + " name is answered with all of them.")
  private List<Requirement> requirements = new ArrayList<>();

  @Spec private @Nullable CommandSpec spec;

  /// Reads `--step`.
  static final class StepsOption implements ITypeConverter<Course.Steps> {
    @Override
    public Course.Steps convert(String text) {
      try {
        return Course.Steps.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /// Reads `--require`.
  static final class RequirementOption implements ITypeConverter<Requirement> {
    @Override
    public Requirement convert(String text) {
      try {
        return Requirement.parse(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  public static void main(String[] args) {
    System.exit(
        new CommandLine(new PlenumLoad())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setOverwrittenOptionsAllowed(true)
            .setExecutionExceptionHandler(
                (failure, line, _) -> {
                  line.getErr().println("plenum-load: " + failure.getMessage());
                  return 1;
                })
            .execute(args));
  }

  /// Returns one of the exit codes of the command's description.
  @Override
  public Integer call() throws IOException, InterruptedException {
    LoadSettings settings = settings();
    refuseWhatCannotBeMeasured();
    LoadResult result = run(settings);
    if (spec != null) {
      PrintWriter out = spec.commandLine().getOut();
      out.println(LoadText.of(result));
      out.flush();
    }
    if (json != null) {
      JsonMapper mapper = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
      Files.writeString(json, mapper.writeValueAsString(result) + "\n");
    }
    List<Requirement.Verdict> verdicts =
        requirements.stream().map(requirement -> requirement.judge(result)).toList();
    if (report != null) {
      Files.writeString(report, LoadPage.of(settings, result, verdicts));
    }
    boolean met = tell(verdicts);
    if (!result.sound()) {
      return UNSOUND;
    }
    return met ? 0 : MISSED;
  }

  private LoadResult run(LoadSettings settings) throws IOException, InterruptedException {
    if (browsers > 0 && settings.protocol() == LoadSettings.Protocol.ELSEWHERE) {
      throw refused("--browsers open the page of our own server: not with --whip-url");
    }
    try (BrowserViewers viewers =
            browsers > 0 ? new BrowserViewers(settings.url(), browsers) : null;
        ClientSignaling signaling = signaling(settings);
        LoadRun run = new LoadRun(settings, signaling, viewers)) {
      return run.run();
    }
  }

  private void refuseWhatCannotBeMeasured() {
    for (Requirement requirement : requirements) {
      if (requirement.needsServerProcess() && serverPid == 0) {
        throw refused("--require " + requirement + " needs --server-pid");
      }
      if (requirement.needsBrowsers() && browsers == 0) {
        throw refused("--require " + requirement + " needs --browsers");
      }
    }
  }

  /// Names what was missed.
  private static boolean tell(List<Requirement.Verdict> verdicts) {
    boolean met = true;
    for (Requirement.Verdict verdict : verdicts) {
      if (!verdict.met()) {
        System.err.println("plenum-load: " + verdict);
        met = false;
      }
    }
    return met;
  }

  /// Wrong options: exit code 2.
  private ParameterException refused(String why) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), why);
  }

  private LoadSettings settings() {
    try {
      return unchecked();
    } catch (IllegalArgumentException e) {
      throw refused(Objects.requireNonNull(e.getMessage()));
    }
  }

  private LoadSettings unchecked() {
    boolean mutual = conference > 0;
    Endpoints elsewhere = elsewhere();
    return new LoadSettings(
        elsewhere == null ? url : elsewhere.server(),
        serverPid,
        new Shape(rooms, mutual ? conference : publishers, viewers, mutual),
        new ClientOptions(videoKbps * 1000, framesPerSecond, shape, !noAudio, profile(), window),
        new Course(seconds, warmUpSeconds, joinsPerSecond, steps, churnPerSecond),
        threads,
        elsewhere == null ? protocol : LoadSettings.Protocol.ELSEWHERE,
        relayed);
  }

  /// Null for our own server.
  private @Nullable Endpoints elsewhere() {
    if (whipUrl == null && whepUrl == null) {
      if (protocol == LoadSettings.Protocol.ELSEWHERE) {
        throw refused("--protocol elsewhere needs --whip-url and --whep-url");
      }
      return null;
    }
    if (whipUrl == null || whepUrl == null) {
      throw refused("--whip-url and --whep-url go together");
    }
    if (conference > 0 || relayed) {
      throw refused(
          "by WHIP and WHEP a client sends or receives, and without a relay: --whip-url goes with"
              + " neither --conference nor --relay");
    }
    var endpoints = new Endpoints(whipUrl, whepUrl);
    if (publishers > 1 && !endpoints.perPublisher()) {
      throw refused("for --publishers " + publishers + " both URLs must have {publisher}");
    }
    if (rooms > 1 && !endpoints.perRoom()) {
      throw refused("for --rooms " + rooms + " both URLs must have {room}");
    }
    return endpoints;
  }

  private SrtpProfile profile() {
    return switch (srtp) {
      case "gcm" -> SrtpProfile.AEAD_AES_128_GCM;
      case "cm" -> SrtpProfile.AES_CM_128_HMAC_SHA1_80;
      default -> throw new IllegalArgumentException("--srtp must be gcm or cm, not " + srtp);
    };
  }

  private ClientSignaling signaling(LoadSettings settings) {
    return switch (settings.protocol()) {
      case WEBSOCKET -> new WebSocketSignaling(settings.url());
      case WHIP -> new WhipSignaling(Endpoints.of(settings.url()), token);
      case ELSEWHERE -> new WhipSignaling(Objects.requireNonNull(elsewhere()), token);
    };
  }
}
