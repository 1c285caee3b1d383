package org.plenum.signaling.config;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Map;
import org.junit.jupiter.api.Tag;

@Tag("fuzz")
class ConfigFuzzTest {
  @FuzzTest(maxDuration = "5s")
  void readsOrRefuses(byte[] data) {
    String text = new String(data, java.nio.charset.StandardCharsets.UTF_8);
    for (Setting<?> setting : Settings.all()) {
      try {
        ConfigReader.read(ConfigFile.layers(null, Map.of(setting.environmentName(), text)));
      } catch (InvalidConfigException e) {
        // refused, as it may be
      }
    }
  }
}
