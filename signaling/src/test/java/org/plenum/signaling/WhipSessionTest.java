package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.plenum.signaling.WhipRow.FRAGMENT;
import static org.plenum.signaling.WhipRow.SDP;
import static org.plenum.signaling.WhipRow.patch;
import static org.plenum.signaling.WhipRow.post;
import static org.plenum.signaling.WhipRow.row;
import static org.plenum.signaling.WhipTexts.CANDIDATE;
import static org.plenum.signaling.WhipTexts.NEXT_PASSWORD;
import static org.plenum.signaling.WhipTexts.NEXT_UFRAG;
import static org.plenum.signaling.WhipTexts.PASSWORD;
import static org.plenum.signaling.WhipTexts.UFRAG;
import static org.plenum.signaling.WhipTexts.fragment;
import static org.plenum.signaling.WhipTexts.fragmentOf;
import static org.plenum.signaling.WhipTexts.publishing;
import static org.plenum.signaling.WhipTexts.restart;
import static org.plenum.signaling.WhipTexts.viewing;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What is answered at `/whip/{room}/{session}` (RFC 9725 §4.3, draft-ietf-wish-whep-03 §4.5).
class WhipSessionTest {
  private static final String STRONG_TAG = "\"[^\"]+\"";

  private static WhipServer server;

  @BeforeAll
  static void start() {
    server = new WhipServer();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static Stream<WhipRow> table() {
    String tcp = "a=candidate:1 1 tcp 1518280447 2001:db8::1 9 typ host tcptype active";
    return Stream.of(
        patch("a candidate", "{etag}", fragment(CANDIDATE), 204, "ETag:", "Content-Type:"),
        patch("the end of candidates", "{etag}", fragment("a=end-of-candidates"), 204),
        patch("a tag without quotes", "{bare}", fragment(CANDIDATE), 204),
        patch("a byte order mark", "{etag}", "\uFEFF" + fragment(CANDIDATE), 204),
        row(
            "a slash at the end",
            "PATCH /whip/blue/{session}/",
            List.of("Content-Type: " + FRAGMENT, "If-Match: *"),
            fragment(CANDIDATE),
            204),
        patch("a stale tag without quotes", "stale", fragment(CANDIDATE), 412),
        patch("a candidate of any session", "*", fragment(CANDIDATE), 204),
        patch("one tag of several", "\"x\", {etag}", fragment(CANDIDATE), 204),
        patch("a transport of no use", "{etag}", fragment(tcp), 204),
        patch(
            "an address behind a name",
            "{etag}",
            fragment("a=candidate:1 1 udp 1 0f8e-1.local 9 typ host"),
            204),
        patch(
            "a restart",
            "*",
            restart(),
            200,
            "ETag: " + STRONG_TAG,
            "Content-Type: " + FRAGMENT,
            "Link: <turn:127.0.0.1:\\d+\\?transport=tcp>; rel=\"ice-server\"; username=\"\\d+:.*",
            ">a=ice-lite",
            ">a=mid:0",
            ">a=ice-ufrag:",
            ">a=ice-pwd:",
            ">a=candidate:",
            ">a=end-of-candidates"),
        patch("a restart as in the RFC's example", "\"*\"", restart(), 200, "ETag: " + STRONG_TAG),
        patch("a restart of this very session", "{etag}", restart(), 200),
        patch("a restart of another", "\"stale\"", restart(), 412, ">\"If-Match\""),
        patch("a candidate of another", "\"stale\"", fragment(CANDIDATE), 412),
        patch("a weak tag", "W/{etag}", fragment(CANDIDATE), 412),
        row(
            "no condition",
            "PATCH /whip/blue/{session}",
            List.of("Content-Type: " + FRAGMENT),
            fragment(CANDIDATE),
            428,
            ">\"If-Match\""),
        row(
            "no condition for a restart",
            "PATCH /whip/blue/{session}",
            List.of("Content-Type: " + FRAGMENT),
            restart(),
            428),
        row(
            "an offer",
            "PATCH /whip/blue/{session}",
            List.of("Content-Type: " + SDP, "If-Match: *"),
            publishing(),
            415,
            "Accept-Patch: " + FRAGMENT),
        row(
            "no type",
            "PATCH /whip/blue/{session}",
            List.of("If-Match: *"),
            restart(),
            415,
            "Accept-Patch: " + FRAGMENT),
        patch("nothing", "*", "", 400),
        patch("no fragment, whatever the condition", "\"stale\"", "v=0\r\n", 400, ">v=0"),
        patch("no password", "*", restart().replaceAll("a=ice-pwd.*\r\n", ""), 400, ">ice-pwd"),
        patch("a short password", "*", fragmentOf(NEXT_UFRAG, "short"), 400, ">ice-pwd"),
        patch("two passwords", "*", restart() + "a=ice-pwd:" + PASSWORD + "\r\n", 400),
        patch(
            "a broken candidate",
            "*",
            fragment("a=candidate:1 1 udp x 192.0.2.1 9 typ host"),
            400,
            ">a=candidate"),
        patch("too much", "*", fragment("a=" + "x".repeat(16 * 1024)), 413),
        patch("too many lines", "*", fragment("a=x\n".repeat(300)), 400, ">256 lines"),
        patch(
            "a section of another session",
            "*",
            restart().replace("mid:0", "mid:7"),
            422,
            ">a=mid"),
        patch("half a restart", "*", fragmentOf(UFRAG, NEXT_PASSWORD), 422, ">both"),
        row("no PUT", "PUT /whip/blue/{session}", 405, "Allow: GET, HEAD, PATCH, DELETE, OPTIONS"),
        row(
            "no POST",
            "POST /whip/blue/{session}",
            List.of("Content-Type: " + SDP),
            publishing(),
            405),
        row("a session asked for", "GET /whip/blue/{session}", 204),
        row("the head of it", "HEAD /whip/blue/{session}", 204),
        row(
            "options of it",
            "OPTIONS /whip/blue/{session}",
            200,
            "Accept-Patch: " + FRAGMENT,
            "Allow: GET, HEAD, PATCH, DELETE, OPTIONS"),
        row(
            "a preflight for it",
            "OPTIONS /whip/blue/nobody",
            List.of("Access-Control-Request-Method: PATCH"),
            "",
            200,
            "Access-Control-Allow-Methods: .*PATCH, DELETE.*",
            "Access-Control-Allow-Headers: .*If-Match.*"),
        row("the end of it", "DELETE /whip/blue/{session}", 200),
        row(
            "whatever the condition",
            "DELETE /whip/blue/{session}",
            List.of("If-Match: \"stale\""),
            "",
            200),
        row("none of that id", "DELETE /whip/blue/nobody", 404, ">\"session\""),
        row("none in that room", "DELETE /whip/red/{session}", 404),
        row("none of that protocol", "DELETE /whep/blue/{session}", 404),
        row(
            "none to patch",
            "PATCH /whip/blue/nobody",
            List.of("Content-Type: " + FRAGMENT, "If-Match: *"),
            restart(),
            404));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("table")
  void answers(WhipRow row) throws Exception {
    var made = server.send(post("", "/whip/blue", publishing(), 201), null);
    server.verify(row, server.send(row, made));
  }

  @Test
  void aSessionEndsOnceAndIsGone() throws Exception {
    var made = server.send(post("", "/whep/green", viewing(), 201), null);
    WhipRow end = row("", "DELETE /whep/green/{session}", 200);
    assertEquals(200, server.send(end, made).statusCode());
    assertEquals(404, server.send(end, made).statusCode());
    assertEquals(404, server.send(row("", "GET /whep/green/{session}", 404), made).statusCode());
    WhipRow late =
        row(
            "",
            "PATCH /whep/green/{session}",
            List.of("Content-Type: " + FRAGMENT, "If-Match: *"),
            restart(),
            404);
    assertEquals(404, server.send(late, made).statusCode());
  }

  @Test
  void eachIceSessionHasATagOfItsOwn() throws Exception {
    var made = server.send(post("", "/whip/green", publishing(), 201), null);
    String path = "PATCH /whip/green/{session}";
    List<String> current = List.of("Content-Type: " + FRAGMENT, "If-Match: {etag}");
    var restarted = server.send(row("", path, current, restart(), 200), made);
    assertEquals(200, restarted.statusCode());
    assertNotEquals(WhipServer.tag(made), WhipServer.tag(restarted));
    assertNotEquals(line(made.body(), "a=ice-ufrag:"), line(restarted.body(), "a=ice-ufrag:"));
    assertNotEquals(line(made.body(), "a=ice-pwd:"), line(restarted.body(), "a=ice-pwd:"));
    String trickled = fragmentOf(NEXT_UFRAG, NEXT_PASSWORD, CANDIDATE);
    assertEquals(
        412, server.send(row("", path, current, trickled, 412), made).statusCode(), "stale");
    List<String> next =
        List.of("Content-Type: " + FRAGMENT, "If-Match: " + WhipServer.tag(restarted));
    assertEquals(204, server.send(row("", path, next, trickled, 204), made).statusCode());
  }

  @Test
  void twoSessionsShareNothing() throws Exception {
    WhipRow publisher = post("", "/whip/green", publishing(), 201);
    var first = server.send(publisher, null);
    var second = server.send(publisher, null);
    assertNotEquals(WhipServer.location(first), WhipServer.location(second));
    assertNotEquals(WhipServer.tag(first), WhipServer.tag(second));
    assertNotEquals(line(first.body(), "a=ice-pwd:"), line(second.body(), "a=ice-pwd:"));
  }

  @Test
  void countsSessionsAndRequests() throws Exception {
    var made = server.send(post("", "/whep/metrics", viewing(), 201), null);
    String during = server.metrics();
    assertFalse(during.contains("plenum_whip_sessions{protocol=\"whep\"} 0.0"), during);
    assertTrue(
        during.contains("plenum_whip_requests_total{protocol=\"whep\",status=\"201\"}"), during);
    double before = value(during, "plenum_whip_requests_total{protocol=\"whep\",status=\"404\"}");
    server.send(row("", "DELETE /whep/metrics/nobody", 404), made);
    String after = server.metrics();
    assertEquals(
        before + 1, value(after, "plenum_whip_requests_total{protocol=\"whep\",status=\"404\"}"));
  }

  private static String line(String body, String prefix) {
    return body.lines().filter(line -> line.startsWith(prefix)).findFirst().orElseThrow();
  }

  private static double value(String metrics, String name) {
    return Double.parseDouble(line(metrics, name).substring(name.length()).strip());
  }
}
