package org.plenum.signaling.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.plenum.ice.candidate.Exclusion;
import org.plenum.ice.port.MediaPortKind;
import org.plenum.sfu.CodecName;
import org.plenum.sfu.RoomSettings;
import org.plenum.sfu.SfuConfig;
import org.plenum.sfu.worker.AdvertisedNames;
import org.plenum.sfu.worker.Elsewhere;
import org.plenum.signaling.protocol.CodecNames;
import org.plenum.signaling.protocol.IceServer;
import org.plenum.signaling.protocol.TurnServer;

/// All settings there are, declared once. They are few, and it stays so: a value that nobody
/// changes is a constant in the code.
final class Settings {
  private static final List<Setting<?>> ALL = new ArrayList<>();

  static final Setting<String> HTTP_HOST =
      add(
          "http.host",
          SettingType.address(),
          "127.0.0.1",
          "Address on which the page, the WebSocket and the API listen. `0.0.0.0` or `::` for"
              + " all.");
  static final Setting<Integer> HTTP_PORT = add("http.port", port(), 8080, "0: any free one.");
  static final Setting<Boolean> HTTP_ONE_PORT =
      add(
          "http.one-port",
          SettingType.flag(),
          false,
          "This TCP port is that of ICE-TCP and of our TURN server too, which is on then, within"
              + " TLS and without; needs `tls`. With `media.port` of the same number all goes by"
              + " one.");
  static final Setting<List<AddressRange>> HTTP_TRUSTED_PROXIES =
      add(
          "http.trusted-proxies",
          SettingType.list(
              "addresses or networks",
              "a list of IP addresses or networks such as 10.0.0.0/8",
              AddressRange::parse),
          List.of(),
          "Proxies whose `Forwarded` or `X-Forwarded-For` names the client.");
  static final Setting<List<String>> HTTP_ALLOWED_ORIGINS =
      add(
          "http.allowed-origins",
          SettingType.list(
              "origins", "a list of origins such as https://example.org", Origins::parse),
          List.of(),
          "Web origins whose pages may use the WebSocket and the API, beside our own. `*`: all.");
  static final Setting<List<String>> HTTP_FRAME_ANCESTORS =
      add(
          "http.frame-ancestors",
          SettingType.list(
              "origins", "a list of origins such as https://example.org", Origins::parse),
          List.of(),
          "Web origins whose pages may have ours in a frame (docs/embedding.md), beside our own and"
              + " `http.allowed-origins`. `*`: all.");
  static final Setting<String> HTTP_PATH_PREFIX =
      add(
          "http.path-prefix",
          SettingType.path(),
          "",
          "Path below which a proxy shows this server, such as `/meet`, whether it takes it off its"
              + " requests or not. Empty: what a trusted proxy says in `X-Forwarded-Prefix`.");
  static final Setting<String> TLS_CERTIFICATE =
      add(
          "tls.certificate",
          SettingType.text("file"),
          "",
          "Certificate chain in PEM. Read again when it changes.");
  static final Setting<String> TLS_KEY =
      add("tls.key", SettingType.text("file"), "", "Its private key in PEM (PKCS #8).");
  static final Setting<Boolean> TLS_SELF_SIGNED =
      add(
          "tls.self-signed",
          SettingType.flag(),
          false,
          "HTTPS with a certificate made at the start: for phones on the LAN, which warn of it.");
  static final Setting<String> MANAGEMENT_HOST =
      add(
          "management.host",
          SettingType.address(),
          "127.0.0.1",
          "Address for `/metrics`, `/healthz` and `/readyz`; whoever reaches it may read them.");
  static final Setting<Integer> MANAGEMENT_PORT =
      add("management.port", port(), 8081, "0: any free one.");
  static final Setting<String> MANAGEMENT_TOKEN =
      addSecret(
          "management.token",
          SettingType.text("secret"),
          "",
          "What `/metrics` asks for in `Authorization: Bearer`. Empty: nothing. The probes need"
              + " none.");
  static final Setting<Boolean> MANAGEMENT_TLS =
      add(
          "management.tls",
          SettingType.flag(),
          false,
          "HTTPS on this port too, with the certificate of `tls`.");
  static final Setting<Integer> MEDIA_PORT =
      add(
          "media.port",
          port(),
          10_000,
          "UDP port of the first worker, the others follow. 0: any free ones.");
  static final Setting<Integer> MEDIA_WORKERS =
      add(
          "media.workers",
          SettingType.integer(0, 256),
          0,
          "Threads for media, each with a port of its own. 0: a core less than there are.");
  static final Setting<List<String>> MEDIA_BIND =
      add("media.bind", SettingType.addresses(), List.of(), "Addresses to listen on; none: all.");
  static final Setting<List<String>> MEDIA_ADVERTISED =
      add(
          "media.advertised",
          SettingType.list(
              "addresses",
              "a list of literal unicast addresses or names with a dot, each alone or with the port"
                  + " outside: ADDRESS:PORT, [ADDRESS]:PORT or NAME:PORT",
              Settings::advertised),
          List.of(),
          "Addresses to offer instead of the host's own, e.g. the public one behind a NAT; with the"
              + " first worker's port outside, if it differs: `203.0.113.5:20000`. A name, such as"
              + " a load balancer's, is looked up at the start and every minute.");
  static final Setting<Integer> MEDIA_ADVERTISED_PORT =
      add(
          "media.advertised-port",
          port(),
          0,
          "The first worker's UDP port outside, where an advertised address says none; the others"
              + " follow. 0: as inside.");
  static final Setting<List<String>> MEDIA_EXCLUDE =
      add(
          "media.exclude",
          SettingType.list(
              "interfaces or networks",
              "a list of names of interfaces such as eth1 or wg*, and networks such as 10.0.0.0/8",
              Settings::exclusion),
          List.of(),
          "Which of the host's own addresses are not offered: those of an interface (`wg*`: of all"
              + " that begin so) or of a network.");
  static final Setting<List<String>> MEDIA_STUN_MAPPING =
      add(
          "media.stun-mapping",
          SettingType.list(
              "servers",
              "a list of HOST:PORT",
              text -> SfuConfig.Stun.isServer(text) ? text : null),
          List.of(),
          "STUN servers to ask at the start what a NAT maps the ports to, which is offered too.");
  static final Setting<Boolean> MEDIA_STUN_SERVER =
      add(
          "media.stun-server",
          SettingType.flag(),
          true,
          "Tell whoever asks at a media port its own address (STUN).");
  static final Setting<Boolean> MEDIA_TCP_ENABLED =
      add(
          "media.tcp.enabled",
          SettingType.flag(),
          true,
          "ICE-TCP, for clients whose network lets no UDP through.");
  static final Setting<Integer> MEDIA_TCP_PORT =
      add(
          "media.tcp.port",
          port(),
          ServerConfig.Media.TCP_PORT,
          "One for all workers. 0: any free one. Not that of a worker: Kubernetes merges the ports"
              + " of a pod by their number.");
  static final Setting<Integer> MEDIA_TCP_ADVERTISED_PORT =
      add(
          "media.tcp.advertised-port",
          port(),
          0,
          "The TCP port outside, at each advertised address. 0: the first worker's UDP port where"
              + " that differs outside, else as inside.");
  static final Setting<Boolean> MEDIA_OFFER_LOOPBACK =
      add(
          "media.offer-loopback",
          SettingType.flag(),
          true,
          "Also offer 127.0.0.1, for browsers on the same machine.");
  static final Setting<MediaPortKind> MEDIA_IO =
      add(
          "media.io",
          SettingType.oneOf(MediaPortKind.class),
          "auto",
          "`linux` is recvmmsg and sendmmsg, `nio` portable.");
  static final Setting<Boolean> MEDIA_SHED_LOAD =
      add(
          "media.shed-load",
          SettingType.flag(),
          false,
          "A worker that has too much to do leaves something undone, in this order: new rooms, new"
              + " participants, the largest pictures, all pictures but the one that matters most to"
              + " each viewer, all pictures. Never sound.");
  static final Setting<Integer> MEDIA_LIMITS_AUDIO_BITRATE =
      add(
          "media.limits.audio-bitrate",
          kilobits(),
          kilobits(SfuConfig.Bitrates.DEFAULT.audioBps()),
          "kb/s that are taken of a published sound; what is over it is dropped, and its publisher"
              + " told.");
  static final Setting<Integer> MEDIA_LIMITS_VIDEO_BITRATE =
      add(
          "media.limits.video-bitrate",
          kilobits(),
          kilobits(SfuConfig.Bitrates.DEFAULT.videoBps()),
          "The same of a camera, all its layers together.");
  static final Setting<Integer> MEDIA_LIMITS_SCREEN_BITRATE =
      add(
          "media.limits.screen-bitrate",
          kilobits(),
          kilobits(SfuConfig.Bitrates.DEFAULT.screenBps()),
          "The same of a screen.");
  static final Setting<List<CodecName>> ROOM_CODECS =
      add(
          "room.codecs",
          SettingType.codecs(),
          CodecNames.of(RoomSettings.DEFAULT.codecs()),
          "What may be published, the favourites first: "
              + CodecNames.ALL
              + ". Opus must be one of them; alone it makes rooms for sound only. A room that the"
              + " API makes may have others.");
  static final Setting<Integer> ROOM_EMPTY_SECONDS =
      add(
          "room.empty-seconds",
          SettingType.integer(10, 86_400),
          60,
          "How long a room stays open that everybody left; one that the API makes may differ.");
  static final Setting<Integer> ROOM_SPREAD =
      add(
          "room.spread",
          SettingType.integer(0, 100_000),
          100,
          "Participants of a room on one worker, beyond which those who come next are served by"
              + " another one, if there is one: those who only watch first. Also when the worker is"
              + " busy for more than 70 % of the time. 0: a room stays on one worker.");
  static final Setting<Boolean> ROOM_API_ONLY =
      add(
          "room.api-only",
          SettingType.flag(),
          false,
          "Only the API opens rooms; whoever enters one that is not open is refused.");
  static final Setting<Boolean> ROOM_WAITING =
      add(
          "room.waiting-room",
          SettingType.flag(),
          false,
          "Whoever comes waits until a host lets them in, unless a host, the API or a host's token"
              + " says otherwise for the room. Needs `auth.keys` or `auth.jwks`: without tokens"
              + " nobody is a host.");
  static final Setting<Boolean> P2P_ENABLED =
      add(
          "p2p.enabled",
          SettingType.flag(),
          false,
          "Two people who are alone in a room send each other sound and pictures directly, and so"
              + " learn each other's IP addresses. Where there are tokens, only those whose tokens"
              + " say `p2p`. A room that the API makes may differ.");
  static final Setting<List<IceServer>> ICE_SERVERS =
      addSecret(
          "ice.servers",
          IceServers.TYPE,
          List.of(),
          "STUN and TURN servers for clients: `{ urls = [\"turn:…\"], username, credential }`.");
  static final Setting<List<ApiKey>> AUTH_KEYS =
      addSecret(
          "auth.keys",
          SettingType.named("id = secret", "pairs of a key id and a secret", ApiKey::new),
          Map.of(),
          "Keys of HS256 tokens, secrets of at least 32 bytes. Two during a rotation. The first is"
              + " the one whose id comes first in the alphabet. Read again when the settings file"
              + " changes.");
  static final Setting<String> AUTH_KEYS_FILE =
      add(
          "auth.keys-file",
          SettingType.text("file"),
          "",
          "More of them, `id: secret` pairs in HOCON. Read again when it changes.");
  static final Setting<String> AUTH_JWKS =
      add(
          "auth.jwks",
          SettingType.text("file or https URL"),
          "",
          "JWK Set with the public keys of RS256, ES256 and EdDSA tokens. Read again on change.");
  static final Setting<Boolean> AUTH_OPEN =
      add(
          "auth.open",
          SettingType.flag(),
          false,
          "Without keys anyone may enter any room, and `http.host` must be a loopback address: "
              + "true allows others.");
  static final Setting<Boolean> LIVE_SIGNED =
      add(
          "live.signed",
          SettingType.flag(),
          false,
          "Broadcasts may be watched only by links that the API gives out, which `auth.keys` sign"
              + " and which expire; otherwise by whoever knows the room's name.");
  static final Setting<Integer> LIVE_DVR =
      add(
          "live.dvr",
          SettingType.integer(0, 720),
          ServerConfig.Live.DEFAULT.dvrMinutes(),
          "Minutes that viewers of a broadcast can go back, kept in `data.dir` while it lasts"
              + " and for as long afterwards. 0:"
              + " a quarter of a minute, which is in memory.");
  static final Setting<Integer> LIVE_DVR_SIZE =
      add(
          "live.dvr-size",
          SettingType.integer(64, 1_000_000),
          ServerConfig.Live.DEFAULT.dvrMebibytes(),
          "MiB of what `live.dvr` keeps of all broadcasts together; each has an equal share, half"
              + " of it for what has just become too old, and goes back less far where that is used"
              + " up.");
  static final Setting<List<java.net.URI>> WEBHOOK_URLS =
      add(
          "webhook.urls",
          SettingType.list("URLs", "a list of http or https URLs", WebhookUrls::parse),
          List.of(),
          "Where events go, each signed with the first of `auth.keys`.");
  static final Setting<List<String>> WEBHOOK_EVENTS =
      add(
          "webhook.events",
          SettingType.list(
              "names of events",
              "a list of " + String.join(", ", ServerConfig.Events.NAMES),
              text -> ServerConfig.Events.NAMES.contains(text) ? text : null),
          List.of(),
          "Which events go there; none named: all. The journal has all of them.");
  static final Setting<String> DATA_DIR =
      add(
          "data.dir",
          SettingType.text("directory"),
          "",
          "What must survive a restart: rooms that the API made or locked, who was removed, the"
              + " journal of events, recordings. Empty: nothing does, and nothing can be"
              + " recorded.");
  static final Setting<Integer> RECORDING_QUOTA =
      add(
          "recording.quota",
          SettingType.integer(1, 100_000_000),
          ServerConfig.Recordings.DEFAULT.mebibytes(),
          "MiB of all recordings together; those of one room may have a quarter of it.");
  static final Setting<Integer> RECORDING_DAYS =
      add(
          "recording.days",
          SettingType.integer(1, 36_500),
          30,
          "After so many days a recording is deleted.");
  static final Setting<String> RECORDING_S3_BUCKET =
      add(
          "recording.s3.bucket",
          SettingType.text("name"),
          "",
          "Bucket of an S3-compatible storage to which recordings and files of the chat go, from"
              + " `data.dir`, when they are complete. Empty: they stay there.");
  static final Setting<String> RECORDING_S3_ENDPOINT =
      add(
          "recording.s3.endpoint",
          SettingType.text("URL"),
          "",
          "The storage: `https://HOST` or `https://HOST:PORT`. Empty: Amazon's of the region.");
  static final Setting<String> RECORDING_S3_REGION =
      add("recording.s3.region", SettingType.text("region"), "us-east-1", "Its region.");
  static final Setting<String> RECORDING_S3_PREFIX =
      add(
          "recording.s3.prefix",
          SettingType.text("path"),
          "",
          "What the names of all objects of this server begin with, such as `plenum/`.");
  static final Setting<Boolean> RECORDING_S3_PATH_STYLE =
      add(
          "recording.s3.path-style",
          SettingType.flag(),
          true,
          "The bucket is named in the path of addresses. false: in the name of the host.");
  static final Setting<String> RECORDING_S3_KEY_ID =
      add("recording.s3.key-id", SettingType.text("id"), "", "Of the access key.");
  static final Setting<String> RECORDING_S3_SECRET =
      addSecret("recording.s3.secret", SettingType.text("secret"), "", "Of the access key.");
  static final Setting<String> RECORDING_S3_SECRET_FILE =
      add(
          "recording.s3.secret-file",
          SettingType.text("file"),
          "",
          "File with that secret and nothing else. Read again for each request.");
  static final Setting<Integer> CHAT_FILE_SIZE =
      add(
          "chat.file-size",
          SettingType.integer(0, 1_024),
          0,
          "MiB of one file that people may send in the chat, kept in `data.dir` with recordings,"
              + " and as long. 0: no files.");
  static final Setting<Integer> LIMITS_CONNECTIONS =
      add("limits.connections", count(), 20_000, "TCP connections in all.");
  static final Setting<Integer> LIMITS_CONNECTIONS_PER_ADDRESS =
      add(
          "limits.connections-per-address",
          count(),
          500,
          "The same of one address (IPv6: one /64); loopback addresses are exempt.");
  static final Setting<Integer> LIMITS_JOINS_PER_SECOND =
      add(
          "limits.joins-per-second",
          count(),
          20,
          "Joins of one address, in bursts of up to five seconds' worth; loopback is exempt.");
  static final Setting<Integer> LIMITS_MESSAGES_PER_SECOND =
      add(
          "limits.messages-per-second",
          count(),
          50,
          "Messages of one WebSocket, in bursts of up to five seconds' worth.");
  static final Setting<Integer> LIMITS_ROOMS = add("limits.rooms", count(), 5_000, "Open rooms.");
  static final Setting<Integer> LIMITS_PARTICIPANTS =
      add(
          "limits.participants",
          SettingType.integer(1, 10_000),
          500,
          "Participants of a room; one that the API makes may allow fewer.");
  static final Setting<Integer> LIMITS_ALL_PARTICIPANTS =
      add(
          "limits.all-participants",
          SettingType.integer(0, 1_000_000),
          0,
          "Participants of all rooms together. 0: no bound.");
  static final Setting<Integer> LIMITS_MEGABITS =
      add(
          "limits.megabits",
          SettingType.integer(0, 1_000_000),
          0,
          "Mb/s of media sent, above which nobody new is let in. 0: no bound.");
  static final Setting<LogLevel> LOG_LEVEL =
      add(
          "log.level",
          SettingType.oneOf(LogLevel.class),
          "info",
          "From which importance on lines are logged.");
  static final Setting<LogFormat> LOG_FORMAT =
      add("log.format", SettingType.oneOf(LogFormat.class), "text", "One line an event.");
  static final Setting<Boolean> LOG_ADDRESSES =
      add("log.addresses", SettingType.flag(), false, "Whether clients' addresses are logged.");

  static final Setting<Boolean> TURN_OWN =
      add(
          "turn.own",
          SettingType.flag(),
          false,
          "A TURN server of our own at the media ports, which relays to them only. Clients are told"
              + " of it over TCP and TLS.");
  static final Setting<Optional<SfuConfig.PortRange>> TURN_RELAY_PORTS =
      add(
          "turn.relay-ports",
          PortRanges.TYPE,
          "",
          "UDP ports by which our TURN server relays between two who talk directly and find no"
              + " other path: `FIRST-LAST`. Empty: it does not.");
  static final Setting<Integer> TURN_TLS_PORT =
      add(
          "turn.tls.port",
          port(),
          0,
          "TCP port on which our TURN server speaks TLS, with the certificate of `tls`. 0: none.");
  static final Setting<Integer> TURN_TLS_ADVERTISED_PORT =
      add("turn.tls.advertised-port", port(), 0, "That port outside. 0: as inside.");
  static final Setting<String> TURN_TLS_HOST =
      add(
          "turn.tls.host",
          SettingType.text("name"),
          "",
          "By which name clients reach our TURN server over TLS: it must be in the certificate."
              + " Empty: the name in cluster.url, else the first full one in the certificate.");
  static final Setting<List<String>> TURN_URLS =
      add(
          "turn.urls",
          SettingType.list(
              "URLs",
              "a list of turn: and turns: URLs",
              text -> text.matches("turns?:\\S+") ? text : null),
          List.of(),
          "A TURN server that shares a secret with this one: each client gets a user name and a"
              + " password of its own.");
  static final Setting<String> TURN_SECRET =
      addSecret(
          "turn.secret",
          SettingType.text("secret"),
          "",
          "What is shared with it; where there is only our own, one is made at each start.");
  static final Setting<Integer> TURN_SECONDS =
      add(
          "turn.seconds",
          SettingType.integer(60, 31_536_000),
          (int) TurnServer.LIFE.toSeconds(),
          "How long such a password is good. A relay ends with it, so it must outlast any call.");
  static final Setting<Integer> DRAIN_SECONDS =
      add(
          "drain.seconds",
          SettingType.integer(0, 86_400),
          0,
          "How long rooms may go on once the server is told to stop; new ones are refused.");

  static final Setting<Boolean> CLUSTER_ENABLED =
      add(
          "cluster.enabled",
          SettingType.flag(),
          false,
          "Whether this server is one of several nodes that serve all rooms together.");
  static final Setting<String> CLUSTER_SECRET =
      addSecret(
          "cluster.secret",
          SettingType.text("secret"),
          "",
          "What all nodes share, at least 32 characters: who has it is a node.");
  static final Setting<String> CLUSTER_NODE =
      add(
          "cluster.node",
          SettingType.text("name"),
          "",
          "This node's name, unlike all others. Empty: the host's.");
  static final Setting<String> CLUSTER_HOST =
      add(
          "cluster.host",
          SettingType.address(),
          "127.0.0.1",
          "Address on which other nodes reach this one, by TCP.");
  static final Setting<Integer> CLUSTER_PORT =
      add("cluster.port", SettingType.integer(1, 65_535), 7800, "TCP port of that address.");
  static final Setting<List<String>> CLUSTER_HOSTS =
      add(
          "cluster.hosts",
          SettingType.list(
              "servers",
              "a list of HOST:PORT",
              text -> SfuConfig.Stun.isServer(text) ? text : null),
          List.of(),
          "Where nodes are, as HOST:PORT; some are enough, and this one may be among them.");
  static final Setting<String> CLUSTER_DNS =
      add(
          "cluster.dns",
          SettingType.text("name"),
          "",
          "Name whose addresses are the nodes, all at `cluster.port`, instead of `cluster.hosts`.");
  static final Setting<Integer> CLUSTER_EXPECTED =
      add(
          "cluster.expected",
          SettingType.integer(1, 1000),
          3,
          "How many nodes there usually are: a node that sees no more than half of them opens no"
              + " rooms.");
  static final Setting<String> CLUSTER_URL =
      add(
          "cluster.url",
          SettingType.text("URL"),
          "",
          "URL by which clients reach this very node, for when another one is gone. Empty: they"
              + " come back by the one they came by.");
  static final Setting<String> CLUSTER_REGION =
      add(
          "cluster.region",
          SettingType.text("label"),
          "",
          "Rooms are opened where clients come in, if a node of that region takes them.");
  static final Setting<Integer> CLUSTER_ROOM_NODES =
      add(
          "cluster.room-nodes",
          SettingType.integer(1, 1 + Elsewhere.MOST),
          1,
          "Nodes that one room may be on at once. Above 1, a room that is beyond `room.spread` on"
              + " all workers of its node, or whose workers are busy, takes another node for those"
              + " who come next; its media goes there by UDP between the nodes' media ports.");

  private Settings() {}

  static List<Setting<?>> all() {
    return List.copyOf(ALL);
  }

  static List<String> keys() {
    return ALL.stream().<String>map(Setting::key).toList();
  }

  private static @Nullable String advertised(String text) {
    try {
      AdvertisedNames.port(text);
      return text;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static @Nullable String exclusion(String text) {
    try {
      Exclusion.parse(text);
      return text;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static SettingType<Integer> port() {
    return SettingType.integer(0, 65_535);
  }

  /// From what a voice needs.
  private static SettingType<Integer> kilobits() {
    return SettingType.integer(32, 10_000_000);
  }

  private static int kilobits(long bitrateBps) {
    return (int) (bitrateBps / 1_000);
  }

  private static SettingType<Integer> count() {
    return SettingType.integer(1, 1_000_000);
  }

  private static <T> Setting<T> add(
      String key, SettingType<T> type, Object otherwise, String help) {
    return add(new Setting<>(key, type, otherwise, help, false));
  }

  private static <T> Setting<T> addSecret(
      String key, SettingType<T> type, Object otherwise, String help) {
    return add(new Setting<>(key, type, otherwise, help, true));
  }

  private static <T> Setting<T> add(Setting<T> setting) {
    ALL.add(setting);
    return setting;
  }
}
