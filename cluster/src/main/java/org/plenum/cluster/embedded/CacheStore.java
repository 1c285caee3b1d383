package org.plenum.cluster.embedded;

import java.util.HashMap;
import java.util.Map;
import org.infinispan.AdvancedCache;
import org.infinispan.commons.CacheException;
import org.infinispan.context.Flag;
import org.jspecify.annotations.Nullable;
import org.plenum.cluster.directory.EntryStore;
import org.plenum.cluster.directory.UnknownOutcomeException;

/// Entries in a cache that each node has a copy of.
final class CacheStore implements EntryStore {
  private final AdvancedCache<String, String> cache;
  private final AdvancedCache<String, String> local;

  CacheStore(AdvancedCache<String, String> cache) {
    this.cache = cache;
    this.local = cache.withFlags(Flag.CACHE_MODE_LOCAL, Flag.SKIP_CACHE_LOAD);
  }

  @Override
  public @Nullable String get(String room) {
    try {
      return local.get(room);
    } catch (CacheException e) {
      return null; // this node stops
    }
  }

  @Override
  public Map<String, String> all() {
    Map<String, String> all = new HashMap<>();
    try {
      local.forEach(all::put);
    } catch (CacheException e) {
      return Map.of();
    }
    return all;
  }

  @Override
  public boolean putIfAbsent(String room, String value) {
    return write(() -> cache.putIfAbsent(room, value) == null);
  }

  @Override
  public boolean replace(String room, String old, String value) {
    return write(() -> cache.replace(room, old, value));
  }

  @Override
  public boolean remove(String room, String old) {
    return write(() -> cache.remove(room, old));
  }

  private interface Write {
    boolean run();
  }

  private static boolean write(Write write) {
    try {
      return write.run();
    } catch (CacheException e) {
      throw new UnknownOutcomeException("the directory did not answer: " + e, e);
    }
  }
}
