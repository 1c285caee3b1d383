package org.plenum.signaling.config;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds a setting that one file gives twice, of which HOCON would quietly take the latter. What is
/// meant to come twice is not one: a group in parts, `+=`, and a value that leans on another one by
/// `${…}`, as in `http.port = ${?PORT}` below a default.
///
/// Reads as much of HOCON's grammar as that takes, of a text that the library has parsed already.
final class DoubledKeys {
  private static final String QUOTES = "\"\"\"";

  private final String text;
  private final Map<String, Integer> lines = new HashMap<>();
  private int at;
  private @Nullable String found;

  private DoubledKeys(String text) {
    this.text = text;
  }

  /// Which key, and where; null if there is none.
  static @Nullable String find(String text) {
    DoubledKeys reader = new DoubledKeys(text);
    reader.skipSpace(true);
    if (reader.isAt('{')) {
      reader.at++;
    }
    reader.fields("");
    return reader.found;
  }

  /// Up to behind the brace that closes the object, or the end.
  private void fields(String path) {
    while (found == null) {
      skipSpace(true);
      if (at >= text.length()) {
        return;
      }
      char next = text.charAt(at);
      if (next == '}') {
        at++;
        return;
      }
      int before = at;
      field(path);
      if (at == before) {
        at++; // nothing that we know of: let the library be right
      }
    }
  }

  private void field(String path) {
    int line = line();
    String key = path + key();
    boolean appends = text.startsWith("+=", at);
    boolean hasValue = appends || isAt('=') || isAt(':');
    at += appends ? 2 : hasValue ? 1 : 0;
    if (hasValue) {
      skipSpace(false);
    }
    if (isAt('{')) {
      at++;
      fields(key + ".");
    } else if (!hasValue) {
      return; // an include
    }
    if (value() && !appends) {
      Integer first = lines.putIfAbsent(key, line);
      if (first != null && found == null) {
        found = key + " twice, in lines " + first + " and " + line;
      }
    }
  }

  /// As it is written, without quotes.
  private String key() {
    StringBuilder key = new StringBuilder();
    while (at < text.length()) {
      char next = text.charAt(at);
      if (next == '"') {
        key.append(quoted());
      } else if (next == ':' || next == '=' || next == '{' || next == '}' || next == '\n') {
        break;
      } else if (next == '+' && text.startsWith("+=", at)) {
        break;
      } else {
        key.append(next);
        at++;
      }
    }
    return key.toString().strip();
  }

  /// Skips the rest of a value. Returns whether there was any that counts.
  private boolean value() {
    int depth = 0;
    boolean leans = false;
    boolean any = false;
    while (at < text.length()) {
      char next = text.charAt(at);
      if (next == '"') {
        any = true;
        quoted();
      } else if (text.startsWith("${", at)) {
        leans = true;
        at = end(text.indexOf('}', at) + 1);
      } else if (isComment()) {
        at = end(text.indexOf('\n', at));
      } else if (depth == 0 && (next == '\n' || next == ',' || next == '}')) {
        break;
      } else {
        depth += next == '[' || next == '{' ? 1 : next == ']' || next == '}' ? -1 : 0;
        any |= !Character.isWhitespace(next);
        at++;
      }
    }
    return any && !leans;
  }

  /// Returns what is between the quotes, as it is written.
  private String quoted() {
    if (text.startsWith(QUOTES, at)) {
      int close = text.indexOf(QUOTES, at + QUOTES.length());
      int start = at + QUOTES.length();
      at = close < 0 ? text.length() : close + QUOTES.length();
      while (at < text.length() && text.charAt(at) == '"') {
        at++; // of more than three the last three close it
      }
      return close < 0 ? "" : text.substring(start, close);
    }
    int start = ++at;
    while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\n') {
      at += text.charAt(at) == '\\' ? 2 : 1;
    }
    at = Math.min(at, text.length());
    String inner = text.substring(start, at);
    at = Math.min(at + 1, text.length());
    return inner;
  }

  /// Between fields commas are space too.
  private void skipSpace(boolean commas) {
    while (at < text.length()) {
      char next = text.charAt(at);
      if (isComment()) {
        at = end(text.indexOf('\n', at));
      } else if (Character.isWhitespace(next) || next == '\uFEFF' || commas && next == ',') {
        at++;
      } else {
        return;
      }
    }
  }

  private boolean isAt(char wanted) {
    return at < text.length() && text.charAt(at) == wanted;
  }

  private boolean isComment() {
    return text.charAt(at) == '#' || text.startsWith("//", at);
  }

  private int end(int index) {
    return index <= 0 ? text.length() : index;
  }

  private int line() {
    return 1 + (int) text.substring(0, at).chars().filter(each -> each == '\n').count();
  }
}
