package org.plenum.signaling.config;

import com.typesafe.config.ConfigIncludeContext;
import com.typesafe.config.ConfigIncluder;
import com.typesafe.config.ConfigIncluderClasspath;
import com.typesafe.config.ConfigIncluderFile;
import com.typesafe.config.ConfigIncluderURL;
import com.typesafe.config.ConfigObject;
import java.io.File;
import java.net.URL;
import org.jspecify.annotations.Nullable;

/// Makes every `include` a required one: HOCON by itself leaves out a file that is not there.
final class StrictIncluder
    implements ConfigIncluder, ConfigIncluderFile, ConfigIncluderURL, ConfigIncluderClasspath {
  private final @Nullable ConfigIncluder usual;

  private StrictIncluder(@Nullable ConfigIncluder usual) {
    this.usual = usual;
  }

  /// The library puts its own behind it.
  static StrictIncluder create() {
    return new StrictIncluder(null);
  }

  @Override
  public ConfigIncluder withFallback(ConfigIncluder fallback) {
    return new StrictIncluder(usual == null ? fallback : usual.withFallback(fallback));
  }

  @Override
  public ConfigObject include(ConfigIncludeContext context, String what) {
    return usual(ConfigIncluder.class).include(strict(context), what);
  }

  @Override
  public ConfigObject includeFile(ConfigIncludeContext context, File what) {
    return usual(ConfigIncluderFile.class).includeFile(strict(context), what);
  }

  @Override
  public ConfigObject includeURL(ConfigIncludeContext context, URL what) {
    return usual(ConfigIncluderURL.class).includeURL(strict(context), what);
  }

  @Override
  public ConfigObject includeResources(ConfigIncludeContext context, String what) {
    return usual(ConfigIncluderClasspath.class).includeResources(strict(context), what);
  }

  private static ConfigIncludeContext strict(ConfigIncludeContext context) {
    return context.setParseOptions(context.parseOptions().setAllowMissing(false));
  }

  private <T> T usual(Class<T> kind) {
    if (!kind.isInstance(usual)) {
      throw new IllegalStateException("the library's includer is no " + kind.getSimpleName());
    }
    return kind.cast(usual);
  }
}
