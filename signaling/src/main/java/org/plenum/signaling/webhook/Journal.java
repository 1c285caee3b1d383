package org.plenum.signaling.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.plenum.signaling.data.DurableFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The latest events, in memory and, given a directory, in files of one line an event that survive
/// a restart. One thread appends, any reads.
public final class Journal implements AutoCloseable {
  /// Events that are kept at least; older ones go by the file.
  public static final int CAPACITY = 10_000;

  /// Events of one file.
  static final int SEGMENT = 1_000;

  /// Beyond, numbers in JSON are not exact for everyone (RFC 8259 §6); a damaged file may say so.
  private static final long MOST_EVENTS = 1L << 53;

  private static final Logger LOG = LoggerFactory.getLogger(Journal.class);
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final String SUFFIX = ".jsonl";

  private final NavigableMap<Long, Event> events = new ConcurrentSkipListMap<>();
  private final @Nullable Path directory;

  /// Added, but not known yet.
  private final List<Event> uncommitted = new ArrayList<>();

  /// Known, or about to be, but not on the disk; the oldest go when there are too many.
  private final List<Event> unwritten = new ArrayList<>();

  private @Nullable FileChannel segment;
  private boolean failing;
  private volatile long newest;
  private volatile int waiting;

  private Journal(@Nullable Path directory) {
    this.directory = directory;
  }

  /// Reads what is there. Throws IllegalStateException with one sentence if the directory cannot be
  /// used.
  ///
  /// @param data null: in memory only
  public static Journal open(@Nullable Path data) {
    Path directory = data == null ? null : data.resolve("events");
    var journal = new Journal(directory);
    if (directory != null) {
      try {
        Files.createDirectories(directory);
        for (Path file : segments(directory)) {
          journal.read(file);
        }
      } catch (IOException | UncheckedIOException e) {
        throw new IllegalStateException("data.dir cannot be used: " + e, e);
      }
    }
    return journal;
  }

  /// The index of the last event, 0 before the first.
  public long newest() {
    return newest;
  }

  /// The index of the oldest event that is kept; one more than the newest if there is none.
  public long oldest() {
    Long first = events.isEmpty() ? null : events.firstKey();
    return first == null ? newest + 1 : first;
  }

  /// The first `limit` events after an index.
  List<Event> after(long index, int limit) {
    return after(index, limit, _ -> true);
  }

  /// The first `limit` events after an index that are wanted.
  public List<Event> after(long index, int limit, Predicate<Event> wanted) {
    return events.tailMap(index, false).values().stream().filter(wanted).limit(limit).toList();
  }

  /// The first event after an index that is wanted, or null.
  @Nullable Event next(long index, Predicate<Event> wanted) {
    for (Event event : events.tailMap(index, false).values()) {
      if (wanted.test(event)) {
        return event;
      }
    }
    return null;
  }

  /// Adds an event, whose body gets the index, and makes it known.
  void append(String room, ObjectNode body) {
    write(room, body);
    commit();
  }

  /// Adds an event, whose body gets the index. [#commit] makes it known.
  void write(String room, ObjectNode body) {
    long index = newest + uncommitted.size() + 1;
    uncommitted.add(new Event(index, room, body.put("index", index)));
  }

  /// Events that were added and are not known yet.
  int uncommitted() {
    return uncommitted.size();
  }

  /// Writes what was added since the last time to the disk, then makes it known: what a receiver or
  /// a reader was told is there after a crash. A disk that does not take it costs the file, not the
  /// events: they are told all the same, and written once it does.
  void commit() {
    if (directory != null) {
      unwritten.addAll(uncommitted);
      while (unwritten.size() > CAPACITY) {
        unwritten.removeFirst();
      }
      store(directory);
      waiting = unwritten.size();
    }
    for (Event event : uncommitted) {
      events.put(event.index(), event);
      newest = event.index();
    }
    uncommitted.clear();
    if (events.size() >= CAPACITY + SEGMENT) {
      forgetOldest();
    }
  }

  /// Events that are known but not on the disk, for it did not take them.
  public int unwritten() {
    return waiting;
  }

  @Override
  public void close() {
    try {
      if (segment != null) {
        segment.close();
      }
    } catch (IOException e) {
      LOG.warn("the journal of events was not closed cleanly: {}", e.toString());
    }
    segment = null;
  }

  private void store(Path into) {
    try {
      while (!unwritten.isEmpty()) {
        List<Event> batch =
            unwritten.stream().limit(leftInSegment(unwritten.getFirst().index())).toList();
        store(into, batch);
        unwritten.subList(0, batch.size()).clear();
      }
      if (failing) {
        LOG.info("the journal of events is written again");
      }
      failing = false;
    } catch (IOException e) {
      close();
      if (!failing) {
        LOG.error("events are not written to the journal until the disk takes them: {}", e + "");
      }
      failing = true;
    }
  }

  /// How many events, from an index on, belong into the file that is open, or to be opened.
  private static long leftInSegment(long index) {
    return SEGMENT - (index - 1) % SEGMENT;
  }

  private void store(Path into, List<Event> batch) throws IOException {
    long first = batch.getFirst().index();
    FileChannel out = segment;
    if (out == null || first % SEGMENT == 1) {
      close();
      // After a start or a failure always a new one: the last line of the old one may have been cut
      // off. If there is one of this name, none of its lines is whole: else it would begin later.
      out =
          FileChannel.open(
              into.resolve("%020d".formatted(first) + SUFFIX),
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE);
      segment = out;
      DurableFiles.syncDirectory(into);
    }
    StringBuilder lines = new StringBuilder();
    for (Event event : batch) {
      lines
          .append(
              MAPPER.createObjectNode().put("room", event.room()).set("body", event.body()) + "")
          .append('\n');
    }
    DurableFiles.writeAll(out, ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8)));
    out.force(false);
  }

  private void forgetOldest() {
    events.headMap(newest - CAPACITY, true).clear();
    if (directory == null) {
      return;
    }
    try {
      List<Path> files = segments(directory);
      // A file goes when the next one begins with something that is forgotten too.
      for (int i = 0; i + 1 < files.size() && firstIndex(files.get(i + 1)) <= oldest(); i++) {
        Files.delete(files.get(i));
      }
    } catch (IOException e) {
      LOG.warn("an old part of the journal was not deleted: {}", e.toString());
    }
  }

  private void read(Path file) throws IOException {
    // Bytes that are no UTF-8 damage their line only.
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    int damaged = read(text);
    if (damaged > 0) {
      LOG.warn(
          "{} lines of the journal in {} are not whole and left out", damaged, file.getFileName());
    }
  }

  /// Adds what a file holds; returns how many of its lines are not what [#append] writes.
  int read(String text) {
    int damaged = 0;
    for (String line : text.lines().toList()) {
      Event event = event(line);
      if (event == null) {
        damaged++;
      } else if (event.index() > newest) {
        newest = event.index();
        events.put(newest, event);
      }
    }
    return damaged;
  }

  private static @Nullable Event event(String line) {
    try {
      JsonNode entry = MAPPER.readTree(line);
      return entry.path("body") instanceof ObjectNode body
              && entry.path("room").isTextual()
              && isIndex(body.path("index"))
          ? new Event(body.path("index").longValue(), entry.path("room").textValue(), body)
          : null;
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private static boolean isIndex(JsonNode index) {
    return index.isIntegralNumber()
        && index.canConvertToLong()
        && index.longValue() > 0
        && index.longValue() < MOST_EVENTS;
  }

  private static List<Path> segments(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return new ArrayList<>(
          files.filter(file -> file.toString().endsWith(SUFFIX)).sorted().toList());
    }
  }

  private static long firstIndex(Path file) {
    String name = file.getFileName().toString();
    try {
      return Long.parseLong(name.substring(0, name.length() - SUFFIX.length()));
    } catch (NumberFormatException e) {
      return Long.MAX_VALUE; // none of ours
    }
  }
}
