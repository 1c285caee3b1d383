package org.plenum.signaling.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.FilePayload;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.plenum.signaling.config.ServerConfig;

/// Files in the chat, from one browser to another.
@Tag("browser")
class ChatFilesBrowserTest {
  private static final byte[] CONTENT =
      "<b>not shown, only saved</b>".getBytes(StandardCharsets.UTF_8);

  @RegisterExtension
  static final CallExtension CALLS = new CallExtension(ChatFilesBrowserTest::config);

  @Test
  void aFileGoesFromOneToTheOther(Call call) throws Exception {
    ChromiumParticipant ada = call.join("Ada");
    ChromiumParticipant grace = call.join("Grace");
    ada.seesAndHears("Grace");
    ada.press("open-chat");
    assertThat(ada.page().getByTestId("chat-attach")).isVisible();
    ada.page()
        .getByTestId("chat-file-chooser")
        .setInputFiles(new FilePayload("the plan.html", "text/html", CONTENT));
    assertThat(ada.page().getByTestId("chat-file")).containsText("the plan.html");
    grace.press("open-chat");
    assertThat(grace.page().getByTestId("chat-file")).containsText("HTML · 28 byte");
    assertEquals(List.of(), Axe.violations(grace.page()));
    Looks.take(grace, "chat-file");
    Download download =
        grace.page().waitForDownload(() -> grace.page().getByTestId("chat-file").click());
    assertEquals("the plan.html", download.suggestedFilename());
    assertArrayEquals(CONTENT, Files.readAllBytes(download.path()));

    // Too large: said before anything is sent.
    ada.page()
        .getByTestId("chat-file-chooser")
        .setInputFiles(
            new FilePayload("big.bin", "application/octet-stream", new byte[1024 * 1024 + 1]));
    assertThat(ada.page().getByTestId("chat-error")).containsText("A file may have 1 MB");
    assertThat(grace.page().getByTestId("chat-file")).hasCount(1);

    // Who comes late may have it too.
    Page late = grace.page();
    late.reload();
    grace.press("open-chat");
    assertThat(late.getByTestId("chat-file")).hasCount(1);
  }

  private static ServerConfig config() {
    try {
      Path data = Files.createTempDirectory("plenum-files");
      return ServerConfig.forTests().with(new ServerConfig.Recordings(data, 64, 30, 1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
