package org.plenum.signaling.bucket;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Against S3Proxy, which checks each signature.
class BucketTest {
  private S3Server server;
  private Bucket bucket;

  @BeforeEach
  void start() throws Exception {
    server = new S3Server();
    bucket = server.bucket("calls/2026/");
  }

  @AfterEach
  void stop() throws Exception {
    bucket.close();
    server.close();
  }

  @Test
  void whatIsPutIsListedReadInPiecesAndDeleted() throws Exception {
    bucket.put("a/one.mp4", "0123456789".getBytes(UTF_8));
    bucket.put("a/two.json", "{}".getBytes(UTF_8));
    bucket.put("b/three~four (5).txt", new byte[0]);
    try (Bucket others = server.bucket("")) {
      others.put("elsewhere", "x".getBytes(UTF_8));
    }
    assertEquals(
        List.of("a/one.mp4", "a/two.json", "b/three~four (5).txt"),
        bucket.list("").stream().map(Bucket.Stored::name).toList());
    assertEquals(10, bucket.list("a/").getFirst().bytes());
    assertTrue(server.names().contains("calls/2026/a/one.mp4"));

    assertEquals(10, bucket.size("a/one.mp4"));
    assertEquals("0123456789", new String(bucket.read("a/one.mp4"), UTF_8));
    assertEquals("345", new String(bucket.read("a/one.mp4", 3, 3), UTF_8));
    assertEquals("89", new String(bucket.read("a/one.mp4", 8, 1_000), UTF_8));

    bucket.delete("a/one.mp4");
    bucket.delete("a/one.mp4");
    assertTrue(assertThrows(BucketException.class, () -> bucket.read("a/one.mp4")).isMissing());
    assertTrue(assertThrows(BucketException.class, () -> bucket.size("a/one.mp4")).isMissing());
  }

  @Test
  void aListHasMoreThanAPage() throws Exception {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 1_003; i++) {
      names.add(String.format("%04d/x", i));
      bucket.put(names.getLast(), new byte[] {1});
    }
    assertEquals(names, bucket.list("").stream().map(Bucket.Stored::name).toList());
  }

  @Test
  void anUploadInPartsIsThereWhenItIsComplete() throws Exception {
    byte[] bytes = new byte[Bucket.LEAST_PART_BYTES + 1_000];
    new Random(5).nextBytes(bytes);
    byte[] head = Arrays.copyOf(bytes, Bucket.LEAST_PART_BYTES);
    byte[] tail = Arrays.copyOfRange(bytes, Bucket.LEAST_PART_BYTES, bytes.length);
    String upload = bucket.begin("film.mp4");
    bucket.part("film.mp4", upload, 1, head);
    List<String> parts =
        List.of(bucket.part("film.mp4", upload, 1, head), bucket.part("film.mp4", upload, 2, tail));
    assertEquals(List.of(), bucket.list(""));
    bucket.complete("film.mp4", upload, parts);

    assertEquals(bytes.length, bucket.size("film.mp4"));
    assertArrayEquals(bytes, bucket.read("film.mp4"));
    assertThrows(
        BucketException.class, () -> bucket.complete("film.mp4", upload, List.of("\"no<such>\"")));
  }

  @Test
  void whatIsGivenUpLeavesNothing() throws Exception {
    String upload = bucket.begin("a/film.mp4");
    bucket.part("a/film.mp4", upload, 1, new byte[100]);
    bucket.begin("a/other.mp4");
    String kept = bucket.begin("b/film.mp4");
    bucket.abort("a/");
    assertEquals(List.of("calls/2026/b/film.mp4"), server.begun());
    bucket.part("b/film.mp4", kept, 1, new byte[100]);
    bucket.abort("nothing/");
  }

  @Test
  void refusalsSayWhatTheStorageSaid() throws Exception {
    try (Bucket other = new Bucket(server.settings("", "nobodys", S3Server.SECRET, null))) {
      BucketException refusal = assertThrows(BucketException.class, () -> other.list(""));
      assertTrue(refusal.getMessage().contains("NoSuchBucket"), refusal.getMessage());
      assertFalse(refusal.isMissing());
    }
    try (Bucket other = new Bucket(server.settings("", S3Server.BUCKET, "wrong", null))) {
      BucketException refusal = assertThrows(BucketException.class, () -> other.list(""));
      assertTrue(refusal.getMessage().contains("403 SignatureDoesNotMatch"), refusal.toString());
      assertFalse(other.toString().contains("wrong"));
    }
    server.stop();
    IOException silent = assertThrows(IOException.class, () -> bucket.list(""));
    assertFalse(silent instanceof BucketException);
  }

  @Test
  void aNewSecretIsTakenFromItsFile(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("secret");
    Files.writeString(file, "of yesterday");
    try (Bucket other = new Bucket(server.settings("", S3Server.BUCKET, "", file))) {
      assertThrows(BucketException.class, () -> other.list(""));
      Files.writeString(file, S3Server.SECRET + "\n");
      other.list("");
      Files.delete(file);
      assertThrows(IOException.class, () -> other.list(""));
    }
  }

  @Test
  void theBucketIsInThePathOrInTheHostsName() {
    URI endpoint = URI.create("https://storage.example.com:9000");
    var path = new BucketSettings(endpoint, "r", "b", "", true, "id", "secret", null);
    assertEquals("https://storage.example.com:9000/b", path.baseUrl());
    var host = new BucketSettings(endpoint, "r", "b", "", false, "id", "secret", null);
    assertEquals("https://b.storage.example.com:9000", host.baseUrl());
  }
}
