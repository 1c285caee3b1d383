package org.plenum.bench.badcall;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The link emulator (`bench/badnet`) that runs beside us, by its control socket: a command a line,
/// a line of JSON in reply. Any thread, one at a time.
final class Badnet implements AutoCloseable {
  private static final JsonMapper JSON = new JsonMapper();

  private final SocketChannel channel;
  private final BufferedReader replies;

  Badnet(Path control) throws IOException {
    channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(UnixDomainSocketAddress.of(control));
    replies = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
  }

  /// Carries out a command; fails if it was refused.
  synchronized JsonNode tell(String command) throws IOException {
    channel.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.UTF_8)));
    JsonNode reply = JSON.readTree(replies.readLine());
    if (!reply.path("ok").asBoolean()) {
      throw new IOException("badnet refused '" + command + "': " + reply);
    }
    return reply;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
