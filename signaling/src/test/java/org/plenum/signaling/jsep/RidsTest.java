package org.plenum.signaling.jsep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.plenum.sfu.Mid;
import org.plenum.sfu.Rid;
import org.plenum.signaling.sdp.Attribute;
import org.plenum.signaling.sdp.Attributes;
import org.plenum.signaling.sdp.SdpException;

class RidsTest {
  private static List<String> read(String... lines) throws SdpException {
    var attributes = new ArrayList<Attribute>();
    for (String line : lines) {
      int colon = line.indexOf(':');
      attributes.add(Attribute.of(line.substring(0, colon), line.substring(colon + 1)));
    }
    return Rids.read(new Attributes(attributes), new Mid("1")).stream().map(Rid::value).toList();
  }

  @Test
  void listsTheFirstAlternativeOfEachStreamPausedOrNot() throws Exception {
    assertEquals(
        List.of("a", "c"),
        read("rid:a send", "rid:b send pt=96", "rid:c send", "simulcast:send a,b;~c recv x"));
  }

  @Test
  void ridsWithoutASimulcastLineAreNoLayers() throws Exception {
    assertEquals(List.of(), read("rid:a send"));
  }

  @Test
  void whatIsNotDescribedOrOnlyReceivedDoesNotExist() throws Exception {
    assertEquals(List.of("a"), read("rid:a send", "rid:b recv", "simulcast:send a;b;c"));
  }

  @Test
  void leavesOutWhatIsBeyondTheBound() throws Exception {
    var lines = new ArrayList<String>();
    for (int i = 0; i < 9; i++) {
      lines.add("rid:r" + i + " send");
    }
    lines.add("simulcast:send r0;r1;r2;r3;r4;r5;r6;r7;r8");
    assertEquals(Rids.MOST, read(lines.toArray(String[]::new)).size());
  }

  @ParameterizedTest
  @CsvSource({
    "rid:a send|rid:a send|simulcast:send a, a=rid, twice",
    "rid:a send|rid:b send|simulcast:send a;a, a=simulcast, twice",
    "rid:a+b send|simulcast:send a+b, a=rid, letters",
    "rid:12345678901234567 send|simulcast:send 12345678901234567, a=rid, not 17",
  })
  void refusesByName(String lines, String field, String message) {
    var refusal = assertThrows(InvalidOfferException.class, () -> read(lines.split("\\|")));
    assertEquals(field, refusal.field());
    assertTrue(String.valueOf(refusal.getMessage()).contains(message), refusal.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "rid:a, a=rid",
    "rid:a both, a=rid",
    "simulcast:a;b, a=simulcast",
    "simulcast:send, a=simulcast",
    "simulcast:send a; recv b;, a=simulcast",
    "simulcast:send a send b, a=simulcast",
  })
  void refusesBrokenGrammar(String line, String field) {
    var failure = assertThrows(SdpException.class, () -> read(line));
    assertEquals(field, failure.field());
  }
}
