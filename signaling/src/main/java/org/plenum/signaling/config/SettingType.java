package org.plenum.signaling.config;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.CodecName;
import org.plenum.signaling.protocol.CodecNames;

/// What a setting may be.
///
/// @param name in the reference table
/// @param allowed what a refusal says is allowed
/// @param structured whether its text in the environment is HOCON, as for lists, and no plain text
/// @param reader makes it of what HOCON holds; returns null, or throws IllegalArgumentException
///     with a sentence of its own, if it may not be
record SettingType<T>(
    String name, String allowed, boolean structured, Function<Object, @Nullable T> reader) {
  /// Digits and dots, or a colon for IPv6, so that nothing is ever looked up by name.
  private static final Pattern IPV4 = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*(%\\w+)?");

  private static final Pattern INTEGER = Pattern.compile("-?\\d{1,9}");

  static SettingType<Integer> integer(int least, int most) {
    return new SettingType<>(
        least + " to " + most,
        "a number from " + least + " to " + most,
        false,
        value -> {
          String text = value.toString();
          if (!INTEGER.matcher(text).matches()) {
            return null;
          }
          int number = Integer.parseInt(text);
          return number >= least && number <= most ? number : null;
        });
  }

  static SettingType<Boolean> flag() {
    return new SettingType<>(
        "true or false",
        "true or false",
        false,
        value ->
            switch (value.toString()) {
              case "true", "on", "yes" -> true;
              case "false", "off", "no" -> false;
              default -> null;
            });
  }

  /// Any text of one line, empty for none.
  static SettingType<String> text(String name) {
    return new SettingType<>(
        name,
        "a " + name,
        false,
        value -> value instanceof String text && !text.contains("\n") ? text : null);
  }

  /// A path such as `/meet`, empty for none; a slash at its end is taken off.
  static SettingType<String> path() {
    return new SettingType<>(
        "path",
        "a path of letters, digits and . _ ~ -, such as /meet",
        false,
        value -> value instanceof String text ? PathPrefixes.parse(text) : null);
  }

  static SettingType<String> address() {
    return new SettingType<>(
        "address",
        "a literal IP address",
        false,
        value -> isLiteral(value) ? (String) value : null);
  }

  static <E extends Enum<E>> SettingType<E> oneOf(Class<E> type) {
    String names =
        Arrays.stream(type.getEnumConstants())
            .map(SettingType::spelled)
            .collect(Collectors.joining(", "));
    return new SettingType<>(
        names,
        "one of " + names,
        false,
        value ->
            Arrays.stream(type.getEnumConstants())
                .filter(constant -> spelled(constant).equals(value))
                .findFirst()
                .orElse(null));
  }

  static SettingType<List<String>> addresses() {
    return list(
        "addresses", "a list of literal IP addresses", text -> isLiteral(text) ? text : null);
  }

  /// @param element null if it may not be one
  static <T> SettingType<List<T>> list(
      String name, String allowed, Function<String, @Nullable T> element) {
    return new SettingType<>(
        name,
        allowed,
        true,
        value -> {
          if (!(value instanceof List<?> list)) {
            return null;
          }
          List<T> read = new ArrayList<>();
          for (Object each : list) {
            T made = each instanceof String text ? element.apply(text) : null;
            if (made == null) {
              throw new IllegalArgumentException("must be " + allowed + ", not " + each);
            }
            read.add(made);
          }
          return List.copyOf(read);
        });
  }

  static SettingType<List<CodecName>> codecs() {
    return new SettingType<>(
        "codecs",
        "a list of " + CodecNames.ALL,
        true,
        value ->
            value instanceof List<?> list
                ? CodecNames.parse(list.stream().map(String::valueOf).toList())
                : null);
  }

  /// A name each; what it stands for is checked by `pair`.
  static <T> SettingType<List<T>> named(
      String name, String allowed, BiFunction<String, String, T> pair) {
    return new SettingType<>(
        name,
        allowed,
        true,
        value -> {
          if (!(value instanceof Map<?, ?> map)) {
            return null;
          }
          Map<String, T> read = new TreeMap<>(); // HOCON's objects have no order
          for (Map.Entry<?, ?> entry : map.entrySet()) {
            if (!(entry.getValue() instanceof String text)) {
              return null;
            }
            read.put(entry.getKey().toString(), pair.apply(entry.getKey().toString(), text));
          }
          return List.copyOf(read.values());
        });
  }

  private static String spelled(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static boolean isLiteral(Object value) {
    if (!(value instanceof String text)
        || !IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
      return false; // a form that other programs read differently, such as 010.0.0.1
    }
    try {
      InetAddress.ofLiteral(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
