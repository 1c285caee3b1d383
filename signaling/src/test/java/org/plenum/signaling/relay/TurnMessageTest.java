package org.plenum.signaling.relay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TurnMessageTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final byte[] TRANSACTION = HEX.parseHex("78ad3433c6ad72c029da412e");

  /// RFC 5769 §2.4, a request with a long-term credential, as an Allocate would be.
  @Test
  void provesWhoAsks() {
    String user = "\u30DE\u30C8\u30EA\u30C3\u30AF\u30B9";
    byte[] realm = "example.org".getBytes(StandardCharsets.UTF_8);
    byte[] nonce = "f//499k954d6OL34oL9FSTvy64sA".getBytes(StandardCharsets.UTF_8);
    Map<Integer, byte[]> attributes = new LinkedHashMap<>();
    attributes.put(TurnMessage.USERNAME, user.getBytes(StandardCharsets.UTF_8));
    attributes.put(TurnMessage.NONCE, nonce);
    attributes.put(TurnMessage.REALM, realm);
    byte[] request =
        TurnMessage.request(
            0x0001, TRANSACTION, attributes, TurnMessage.key(user, realm, "TheMatrIX"));
    assertEquals(
        "000100602112a44278ad3433c6ad72c029da412e"
            + "00060012e3839ee38388e383aae38383e382afe382b90000"
            + "0015001c662f2f3439396b3935346436 4f4c33346f4c39465354767936347341".replace(" ", "")
            + "0014000b6578616d706c652e6f726700"
            + "00080014f67024656dd64a3e02b8e0712e85c9a28ca89666",
        HEX.formatHex(request));
  }

  @Test
  void readsWhatIsRefusedAndWhy() {
    byte[] refusal =
        HEX.parseHex(
            "011300242112a44278ad3433c6ad72c029da412e"
                + "000900100000040155 6e617574686f72697a6564".replace(" ", "")
                + "001400016100000000150002 62630000".replace(" ", ""));
    TurnMessage.Answer answer =
        assertNotNullAnswer(TurnMessage.answer(refusal, TurnMessage.ALLOCATE, TRANSACTION));
    assertEquals(401, answer.errorCode());
    assertArrayEquals(new byte[] {'a'}, answer.attributes().get(TurnMessage.REALM));
    assertArrayEquals(new byte[] {'b', 'c'}, answer.attributes().get(TurnMessage.NONCE));
    assertNull(TurnMessage.answer(refusal, TurnMessage.REFRESH, TRANSACTION));
    assertNull(TurnMessage.answer(refusal, TurnMessage.ALLOCATE, new byte[12]));
    refusal[23] = 0x7F;
    assertNull(TurnMessage.answer(refusal, TurnMessage.ALLOCATE, TRANSACTION));
  }

  private static TurnMessage.Answer assertNotNullAnswer(TurnMessage.Answer answer) {
    assertNotNull(answer);
    return answer;
  }
}
