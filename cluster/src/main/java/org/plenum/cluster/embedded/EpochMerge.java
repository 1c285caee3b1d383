package org.plenum.cluster.embedded;

import java.util.ArrayList;
import java.util.List;
import org.infinispan.conflict.EntryMergePolicy;
import org.infinispan.container.entries.CacheEntry;
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
    for (CacheEntry<String, String> each : all) {
      texts.add(each == null ? null : each.getValue());
    }
    String chosen = MergeRule.choose(texts);
    for (CacheEntry<String, String> each : all) {
      if (chosen != null && each != null && chosen.equals(each.getValue())) {
        return each;
      }
    }
    return preferred;
  }
}
