package org.plenum.signaling.compose;

import java.util.ArrayList;
import java.util.List;

/// How pictures share the film's frame.
public enum Layout {
  /// All of the same size.
  GRID,
  /// A shared screen or who speaks large, the others small beside it.
  SPEAKER;

  /// Of the others' width in the frame's.
  private static final int SMALL = 5;

  /// Of small pictures that fit: there are no more.
  private static final int MOST_SMALL = 4;

  /// A place in the frame, in pixels; all are even, as H264 takes them.
  record Cell(int x, int y, int width, int height) {}

  /// Where each picture goes; fewer than asked for where there is no room for the rest.
  ///
  /// @param count of pictures, the most important first
  List<Cell> cells(int count, int width, int height) {
    return this == SPEAKER && count > 1
        ? beside(Math.min(count, MOST_SMALL + 1), width, height)
        : grid(count, width, height);
  }

  private static List<Cell> grid(int count, int width, int height) {
    List<Cell> cells = new ArrayList<>();
    int columns = (int) Math.ceil(Math.sqrt(count));
    int rows = columns == 0 ? 0 : Math.ceilDiv(count, columns);
    for (int i = 0; i < count; i++) {
      int row = i / columns;
      int inRow = Math.min(columns, count - row * columns);
      int cellWidth = even(width / columns);
      int cellHeight = even(height / rows);
      int left = even((width - inRow * cellWidth) / 2);
      cells.add(new Cell(left + i % columns * cellWidth, row * cellHeight, cellWidth, cellHeight));
    }
    return cells;
  }

  private static List<Cell> beside(int count, int width, int height) {
    int small = even(width / SMALL);
    int smallHeight = even(height / MOST_SMALL);
    List<Cell> cells = new ArrayList<>();
    cells.add(new Cell(0, 0, even(width - small), even(height)));
    for (int i = 1; i < count; i++) {
      cells.add(new Cell(even(width - small), (i - 1) * smallHeight, small, smallHeight));
    }
    return cells;
  }

  private static int even(int pixels) {
    return pixels / 2 * 2;
  }
}
