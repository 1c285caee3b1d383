package org.plenum.bench.badcall;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One TCP with CUBIC that sends as much as the link takes, from the server's side to the viewers',
/// until it is closed: iperf3.
final class BulkTransfer implements AutoCloseable {
  /// Longer than any scenario.
  private static final int MOST_SECONDS = 120;

  private static final int FIRST_TRIES = 50;

  /// A line of what the receiver says ten times a second, such as
  /// `[  5]   1.00-1.10   sec  34.2 KBytes  2803 Kbits/sec`.
  private static final Pattern INTERVAL =
      Pattern.compile("([\\d.]+)-([\\d.]+) +sec .* ([\\d.]+) Kbits/sec *$");

  private record Received(long nanos, double bytes) {}

  private final List<Received> received = new ArrayList<>();
  private final Process receiver;
  private final Process sender;

  /// @param namespaces a directory with the programs `in-near` and `in-far`, which run their
  ///     arguments on the server's side and on the viewers'
  /// @param address of the viewers' side
  BulkTransfer(Path namespaces, String address) throws IOException, InterruptedException {
    receiver = start(namespaces, "in-far", "-s", "-1", "-i", "0.1", "-f", "k", "--forceflush");
    Thread.ofVirtual().start(this::read);
    sender = connect(namespaces, address);
  }

  /// The receiver takes a moment to be there.
  private static Process connect(Path namespaces, String address)
      throws IOException, InterruptedException {
    String seconds = Integer.toString(MOST_SECONDS);
    for (int i = 0; i < FIRST_TRIES; i++) {
      Thread.sleep(100);
      Process sender = start(namespaces, "in-near", "-c", address, "-C", "cubic", "-t", seconds);
      sender.getInputStream().close();
      Thread.sleep(500);
      if (sender.isAlive()) {
        return sender;
      }
    }
    throw new IOException("iperf3 does not connect to " + address);
  }

  private static Process start(Path namespaces, String side, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(namespaces.resolve(side).toString(), "iperf3"));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private void read() {
    try (BufferedReader lines = receiver.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher interval = INTERVAL.matcher(line);
        if (interval.find()) {
          synchronized (received) {
            double seconds = value(interval, 2) - value(interval, 1);
            received.add(new Received(System.nanoTime(), value(interval, 3) * seconds * 1000 / 8));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double value(Matcher interval, int group) {
    return Double.parseDouble(interval.group(group));
  }

  /// What has come through between two times, give or take a tenth of a second.
  ///
  /// @throws IOException if nothing has: then it is no competitor
  double receivedBytes(long fromNanos, long toNanos) throws IOException {
    double bytes;
    synchronized (received) {
      bytes =
          received.stream()
              .filter(each -> each.nanos - fromNanos >= 0 && each.nanos - toNanos < 0)
              .mapToDouble(Received::bytes)
              .sum();
    }
    if (bytes == 0) {
      throw new IOException("nothing came through by TCP");
    }
    return bytes;
  }

  @Override
  public void close() {
    sender.destroy();
    receiver.destroy();
  }
}
