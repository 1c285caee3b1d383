package org.plenum.signaling;

import static org.plenum.signaling.WhipRow.FRAGMENT;
import static org.plenum.signaling.WhipRow.SDP;
import static org.plenum.signaling.WhipRow.post;
import static org.plenum.signaling.WhipRow.row;
import static org.plenum.signaling.WhipTexts.fragment;
import static org.plenum.signaling.WhipTexts.offer;
import static org.plenum.signaling.WhipTexts.publishing;
import static org.plenum.signaling.WhipTexts.viewing;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is answered at `/whip/{room}` and `/whep/{room}` (RFC 9725, draft-ietf-wish-whep-03).
class WhipEndpointTest {
  private static final String ID = "[\\w-]{32}";
  private static final String LONG_MID = "!#$%&'*+-.^_`{|}~" + "m".repeat(47);
  private static final String STRONG_TAG = "\"[^\"]+\"";

  private static WhipServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new WhipServer();
    server.make("av1", "{\"emptySeconds\":3600,\"codecs\":[\"av1\",\"opus\"]}");
    server.make("vp9", "{\"emptySeconds\":3600,\"codecs\":[\"vp9\",\"vp8\",\"opus\"]}");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static Stream<WhipRow> table() {
    String turn = "username=\"me\"; credential=\"a\\\\\"b\"; credential-type=\"password\"";
    return Stream.of(
        post(
            "a publisher",
            "/whip/blue",
            publishing(),
            201,
            "Location: /whip/blue/" + ID,
            "ETag: " + STRONG_TAG,
            "Content-Type: " + SDP,
            "Accept-Patch: " + FRAGMENT,
            "Access-Control-Allow-Origin: \\*",
            "Access-Control-Expose-Headers: .*Location, ETag, Link.*",
            "Cache-Control: no-store",
            "Link: <stun:stun.example.net>; rel=\"ice-server\"",
            "Link: <turns:a.example.net>; rel=\"ice-server\"; " + turn,
            "Link: <turn:127.0.0.1:\\d+\\?transport=tcp>; rel=\"ice-server\"; username=\"\\d+:.*",
            ">a=recvonly",
            ">a=setup:passive",
            ">a=ice-lite",
            ">a=end-of-candidates"),
        post(
            "a publisher that says sendrecv",
            "/whip/blue",
            offer("sendrecv", "audio", "video"),
            201,
            ">a=recvonly"),
        post(
            "a publisher with its screen",
            "/whip/blue",
            offer("sendonly", "audio", "video", "video", "audio"),
            201),
        post(
            "a publisher with a name",
            "/whip/blue?name=%C3%84da&identity=ada-1",
            publishing(),
            201),
        post(
            "a viewer",
            "/whep/blue",
            viewing(),
            201,
            "Location: /whep/blue/" + ID,
            "ETag: " + STRONG_TAG,
            ">a=sendonly",
            ">a=msid:seat-0 "),
        post(
            "a viewer that says sendrecv",
            "/whep/blue",
            offer("sendrecv", "audio", "video"),
            201,
            ">a=sendonly"),
        post("a viewer of sound only", "/whep/blue", offer("recvonly", "audio"), 201),
        post("a viewer with a wall", "/whep/blue", offer("recvonly", kinds("video", 100)), 201),
        row(
            "a type with a parameter",
            "POST /whip/blue",
            List.of("Content-Type: Application/SDP; charset=utf-8"),
            publishing(),
            201),
        row("no type", "POST /whip/blue", List.of(), publishing(), 415, "Accept-Post: " + SDP),
        row(
            "another type",
            "POST /whep/blue",
            List.of("Content-Type: application/json"),
            viewing(),
            415,
            "Accept-Post: " + SDP),
        row(
            "a fragment for an offer",
            "POST /whip/blue",
            List.of("Content-Type: " + FRAGMENT),
            fragment(),
            415,
            "Accept-Post: " + SDP),
        row(
            "another answer wanted",
            "POST /whip/blue",
            List.of("Content-Type: " + SDP, "Accept: text/html, image/*"),
            publishing(),
            406),
        row(
            "our answer wanted",
            "POST /whip/blue",
            List.of("Content-Type: " + SDP, "Accept: text/html, application/*;q=0.5"),
            publishing(),
            201),
        post("nothing", "/whip/blue", "", 400, "Content-Type: application/problem\\+json"),
        post("no SDP", "/whip/blue", "hello", 400, ">\"status\":400", ">line 1"),
        post(
            "a broken attribute",
            "/whip/blue",
            publishing().replace("a=mid:0", "a=setup:active\r\na=mid:0"),
            400,
            ">a=setup"),
        post("too much", "/whip/blue", "v=0\r\n" + "a".repeat(192 * 1024), 413),
        post(
            "a viewer's offer to publish",
            "/whip/blue",
            viewing(),
            422,
            ">\"field\":\"a=recvonly\""),
        post("nothing sent", "/whip/blue", offer("inactive", "audio"), 422, ">a=inactive"),
        post("a publisher's offer to view", "/whep/blue", publishing(), 422, ">a=sendonly"),
        post("nothing received", "/whep/blue", offer("inactive", "audio"), 422, ">a=inactive"),
        post(
            "no codec in common",
            "/whip/blue",
            offer("sendonly", "audio", "exotic"),
            422,
            ">section 1 offers no codec of ours",
            ">VP8"),
        post(
            "no codec that the room takes",
            "/whip/av1",
            publishing(),
            422,
            ">section 1 offers VP8, but the room takes AV1, opus"),
        post(
            "the room's favourite of two",
            "/whip/vp9",
            offer("sendonly", "audio", "video or two"),
            201,
            ">m=video 9 UDP/TLS/RTP/SAVPF 98 96"),
        post("no codec to view", "/whep/blue", offer("recvonly", "exotic"), 422, ">VP8"),
        post(
            "a data channel",
            "/whip/blue",
            offer("sendonly", "audio", "application"),
            201,
            ">m=audio 9 ",
            ">m=application 0 "),
        post(
            "a single section that no group bundles",
            "/whip/blue",
            offer("sendonly", "audio").replace("a=group:BUNDLE 0\r\n", ""),
            201,
            ">a=mid:0"),
        post(
            "one beside a data channel that no group bundles",
            "/whip/blue",
            offer("sendonly", "audio", "application").replace("a=group:BUNDLE 0 1\r\n", ""),
            201,
            ">m=application 0 "),
        post(
            "a mid of 64 token characters",
            "/whep/blue",
            viewing()
                .replace("BUNDLE 0 1", "BUNDLE 0 " + LONG_MID)
                .replace("a=mid:1", "a=mid:" + LONG_MID),
            201,
            ">a=mid:" + LONG_MID),
        post("a byte order mark", "/whip/blue", "\uFEFF" + publishing(), 201),
        post("a slash at the end", "/whip/blue/", publishing(), 201, "Location: /whip/blue/" + ID),
        post(
            "a room of another script",
            "/whip/%E4%BC%9A%E8%AE%AE",
            publishing(),
            201,
            "Location: /whip/%E4%BC%9A%E8%AE%AE/" + ID),
        post(
            "one payload type for sound and picture",
            "/whip/blue",
            publishing().replace("111", "96"),
            422,
            ">payload type 96 is opus/48000/2 in section 0 and vp8/90000 in section 1",
            ">\"field\":\"a=rtpmap\""),
        post(
            "a payload type that looks like RTCP",
            "/whip/blue",
            publishing().replace("96", "72"),
            422,
            ">section 1 has the payload type 72",
            ">RFC 5761"),
        post(
            "200 sections to view",
            "/whep/blue",
            offer("recvonly", kinds("video", 200)),
            422,
            ">at most 128 slots are allowed, not 200"),
        post(
            "200 sections to publish",
            "/whip/blue",
            offer("sendonly", kinds("video", 200)),
            422,
            ">\"field\":\"tracks\""),
        post(
            "300 sections",
            "/whep/blue",
            offer("recvonly", kinds("audio", 300)),
            400,
            ">more than 256 m= lines"),
        post(
            "two lite agents",
            "/whip/blue",
            publishing().replace("a=ice-options", "a=ice-lite\r\na=ice-options"),
            422,
            ">a=ice-lite"),
        post(
            "a passive client",
            "/whip/blue",
            publishing().replace("actpass", "passive"),
            422,
            ">a=setup"),
        post(
            "no bundle",
            "/whip/blue",
            publishing().replace("a=group:BUNDLE 0 1\r\n", ""),
            422,
            ">BUNDLE"),
        post(
            "no certificate",
            "/whip/blue",
            publishing().replaceAll("a=fingerprint.*\r\n", ""),
            422,
            ">a=fingerprint"),
        post(
            "a name too long", "/whip/blue?name=" + "x".repeat(65), publishing(), 400, ">\"name\""),
        post("an empty name", "/whip/blue?name=%20", publishing(), 400, ">\"name\""),
        post("a name with a bell", "/whip/blue?name=a%07", publishing(), 400, ">control"),
        post("no identity", "/whep/blue?identity=a%07b", viewing(), 400, ">\"identity\""),
        post("no room", "/whip/", publishing(), 404, "Content-Type: application/problem\\+json"),
        post("a room of a wrong name", "/whip/a%20b", publishing(), 404, ">\"room\""),
        post("a room with a parameter", "/whip/a;b", publishing(), 404, ">\"room\"", ">';'"),
        post(
            "a name of 64 emoji",
            "/whip/blue?name=" + "%F0%9F%90%99".repeat(64),
            publishing(),
            201),
        post("a name of line breaks", "/whip/blue?name=%0A%0D", publishing(), 400, ">\"name\""),
        post("a name nobody sees", "/whip/blue?name=%E2%80%8B", publishing(), 400, ">be seen"),
        post("neither own nor not", "/whep/blue?own=maybe", viewing(), 400, ">\"own\""),
        post("a path too deep", "/whip/blue/x/y", publishing(), 404),
        row("WHIP asked what it is", "GET /whip/blue", 204, "Content-Type:"),
        row("the head of that", "HEAD /whip/blue", 204),
        row(
            "WHEP asked what it is",
            "GET /whep/blue",
            200,
            "Content-Type: " + SDP,
            "Content-Length: 0"),
        row("the head of that", "HEAD /whep/blue", 200, "Content-Type: " + SDP),
        row("no PUT", "PUT /whip/blue", 405, "Allow: GET, HEAD, POST, OPTIONS"),
        row("no PATCH", "PATCH /whep/blue", 405, "Allow: GET, HEAD, POST, OPTIONS"),
        row(
            "no DELETE",
            "DELETE /whip/blue",
            405,
            "Allow: GET, HEAD, POST, OPTIONS",
            "Access-Control-Allow-Origin: \\*"),
        row("no such method", "BREW /whip/blue", 405, ">BREW"),
        row(
            "options",
            "OPTIONS /whip/blue",
            200,
            "Accept-Post: " + SDP,
            "Allow: .*POST.*",
            "Access-Control-Allow-Origin: \\*",
            "Link: <stun:stun.example.net>; rel=\"ice-server\"",
            "Access-Control-Allow-Methods: .*POST.*"),
        row(
            "a preflight",
            "OPTIONS /whep/blue",
            List.of(
                "Origin: https://example.net",
                "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: content-type"),
            "",
            200,
            "Accept-Post: " + SDP,
            "Access-Control-Allow-Methods: .*POST.*",
            "Link:",
            "Access-Control-Allow-Headers: Authorization, Content-Type, If-Match",
            "Access-Control-Max-Age: \\d+"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("table")
  void answers(WhipRow row) throws Exception {
    server.verify(row, server.send(row, null));
  }

  @Test
  void aRoomThatIsFullMayBeTriedLater() throws Exception {
    server.make("small", "{\"maxParticipants\":1}");
    WhipRow row = post("the first", "/whip/small", publishing(), 201);
    server.verify(row, server.send(row, null));
    row = post("one too many", "/whep/small", viewing(), 503, "Retry-After: \\d+", ">small has 1");
    server.verify(row, server.send(row, null));
  }

  private static String[] kinds(String kind, int count) {
    String[] kinds = new String[count];
    Arrays.fill(kinds, kind);
    return kinds;
  }
}
