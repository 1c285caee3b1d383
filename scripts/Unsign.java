import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/// Copies jars without their signatures, all else as it is: `java Unsign.java DIRECTORY JAR…`. The
/// same jar gives the same copy, byte for byte.
final class Unsign {
  private static final String MANIFEST = "META-INF/MANIFEST.MF";
  private static final Pattern SIGNATURE =
      Pattern.compile("META-INF/[^/]+\\.(SF|RSA|DSA|EC)", Pattern.CASE_INSENSITIVE);

  private Unsign() {}

  public static void main(String[] args) throws IOException {
    for (int i = 1; i < args.length; i++) {
      Path jar = Path.of(args[i]);
      copy(jar, Path.of(args[0]).resolve(jar.getFileName()));
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (ZipFile jar = new ZipFile(from.toFile());
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(to))) {
      for (ZipEntry entry : Collections.list(jar.entries())) {
        if (SIGNATURE.matcher(entry.getName()).matches()) {
          continue;
        }
        ZipEntry copied = new ZipEntry(entry.getName());
        copied.setTimeLocal(entry.getTimeLocal());
        out.putNextEntry(copied);
        try (InputStream in = jar.getInputStream(entry)) {
          if (entry.getName().equals(MANIFEST)) {
            withoutDigests(in, out);
          } else {
            in.transferTo(out);
          }
        }
      }
    }
  }

  /// The digests are sections by the names of classes.
  private static void withoutDigests(InputStream in, OutputStream out) throws IOException {
    Manifest manifest = new Manifest(in);
    manifest.getEntries().clear();
    manifest.write(out);
  }
}
