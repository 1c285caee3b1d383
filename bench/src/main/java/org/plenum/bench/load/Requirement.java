package org.plenum.bench.load;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a figure of the result must be, such as `delay.p99<=20`.
///
/// @param figure one of [NamedFigures#names]
record Requirement(String figure, Operator operator, double bound) {
  private static final Pattern TEXT =
      Pattern.compile("\\s*([a-zA-Z0-9.]+)\\s*([<>=!~]+)\\s*([^\\s<>=!~]\\S*)\\s*");

  /// How the figure compares with the bound.
  enum Operator {
    AT_LEAST(">="),
    AT_MOST("<="),
    ABOVE(">"),
    BELOW("<");

    private final String sign;

    Operator(String sign) {
      this.sign = sign;
    }

    private static Operator of(String sign) {
      for (Operator each : values()) {
        if (each.sign.equals(sign)) {
          return each;
        }
      }
      throw new IllegalArgumentException("the operator must be >=, <=, > or <, not " + sign);
    }

    private boolean holds(double value, double bound) {
      return switch (this) {
        case AT_LEAST -> value >= bound;
        case AT_MOST -> value <= bound;
        case ABOVE -> value > bound;
        case BELOW -> value < bound;
      };
    }
  }

  /// How it came out.
  ///
  /// @param measured null if the run did not measure the figure; then it is not met
  record Verdict(Requirement requirement, @Nullable Double measured, boolean met) {
    @Override
    public String toString() {
      return measured == null
          ? requirement + ": was not measured"
          : String.format(
              Locale.ROOT, "%s: %s, %.4f", requirement, met ? "met" : "missed", measured);
    }
  }

  /// @throws IllegalArgumentException if it is not the name of a figure, an operator and a number
  static Requirement parse(String text) {
    Matcher parts = TEXT.matcher(text);
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "a requirement is a figure, an operator and a number, such as delivered>=99.9, not "
              + text);
    }
    String figure = parts.group(1);
    if (!NamedFigures.names().contains(figure)) {
      throw new IllegalArgumentException(
          "there is no figure " + figure + ", but " + String.join(", ", NamedFigures.names()));
    }
    return new Requirement(figure, Operator.of(parts.group(2)), number(parts.group(3)));
  }

  private static double number(String text) {
    double number;
    try {
      number = Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("the bound must be a number, not " + text, e);
    }
    if (!Double.isFinite(number)) {
      throw new IllegalArgumentException("the bound must be a finite number, not " + text);
    }
    return number;
  }

  /// Whether only a run that knows the server's process can measure it.
  boolean needsServerProcess() {
    return figure.startsWith(NamedFigures.SERVER);
  }

  /// Whether only a run with browsers can measure it.
  boolean needsBrowsers() {
    return figure.startsWith(NamedFigures.BROWSER);
  }

  Verdict judge(LoadResult result) {
    Double measured = NamedFigures.of(result, figure);
    return new Verdict(this, measured, measured != null && operator.holds(measured, bound));
  }

  @Override
  public String toString() {
    String number = bound == Math.rint(bound) ? Long.toString((long) bound) : "" + bound;
    return figure + operator.sign + number;
  }
}
