package org.plenum.cluster.embedded;

import java.util.ArrayList;
import java.util.List;
import org.infinispan.conflict.EntryMergePolicy;
import org.infinispan.container.entries.CacheEntry;
import org.infinispan.container.entries.ImmortalCacheEntry;
import org.jspecify.annotations.Nullable;
import org.plenum.cluster.directory.MergeRule;

/// [MergeRule] as the cache asks for it.
final class EpochMerge implements EntryMergePolicy<String, String> {
  @Override
  public @Nullable CacheEntry<String, String> merge(
      @Nullable CacheEntry<String, String> preferred, List<CacheEntry<String, String>> others) {
    List<CacheEntry<String, String>> all = new ArrayList<>(others);
    if (preferred != null) {
      all.add(preferred);
    }
    List<@Nullable String> texts = new ArrayList<>();
    String room = null;
    for (CacheEntry<String, String> each : all) {
      if (each != null && each.getKey() != null) {
        room = each.getKey();
        texts.add(each.getValue());
      }
    }
    String chosen = MergeRule.choose(texts);
    return chosen == null || room == null ? preferred : entry(room, chosen);
  }

  @SuppressWarnings("unchecked") // it is the engine's own, of any two objects
  private static CacheEntry<String, String> entry(String room, String text) {
    return new ImmortalCacheEntry(room, text);
  }
}
