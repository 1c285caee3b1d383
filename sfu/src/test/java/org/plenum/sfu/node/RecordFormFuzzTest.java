package org.plenum.sfu.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import org.junit.jupiter.api.Tag;

/// Bytes that another node sent.
@Tag("fuzz")
class RecordFormFuzzTest {
  /// What is read can be written, and is the same then.
  @FuzzTest(maxDuration = "10s")
  void whatIsReadCanBeWritten(FuzzedDataProvider data) {
    NodeMessage read = RecordForm.read(NodeMessage.class, data.consumeRemainingAsBytes());
    if (read != null && !(read instanceof NodeMessage.Open)) {
      byte[] again = RecordForm.write(NodeMessage.class, (Record) read);
      assertEquals(read, RecordForm.read(NodeMessage.class, again));
    }
  }
}
