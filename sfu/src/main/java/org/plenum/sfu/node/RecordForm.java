package org.plenum.sfu.node;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.plenum.sfu.rtp.HeaderExtension;
import org.plenum.sfu.rtp.HeaderExtensionMap;

/// Records as bytes, and back, by the names of their components: nodes of two versions understand
/// each other as far as they have the same ones. A component that the reader does not have is
/// skipped; one that the writer did not have is null, 0, false or empty, or makes the record
/// unreadable if it must be there; of a sealed interface, a record that the reader does not have is
/// none. What is read has passed the constructors of its records, which check it. Which types a
/// record may hold is what its declaration says: nothing in the bytes names a class. Immutable; any
/// thread.
///
/// All numbers are big-endian. A *part* is a length (4 bytes) and so many bytes. A record: for each
/// component that is not null, the length of its name (1), the name, its value as a part. A record
/// of a sealed interface: the length of its simple name (1), the name, the record. A list or a set:
/// its elements as parts; a map: key, value, key, value. Numbers and flags have the size of their
/// Java type, texts are UTF-8, enum constants their names, addresses their 4 or 16 bytes.
public final class RecordForm {
  /// Of all values together, so that a few bytes cannot become millions of objects.
  private static final int MOST_VALUES = 200_000;

  private static final ClassValue<Shape> SHAPES =
      new ClassValue<>() {
        @Override
        protected Shape computeValue(Class<?> type) {
          return Shape.of(type);
        }
      };

  private RecordForm() {}

  /// What is known of a record's class.
  private record Shape(Constructor<?> constructor, List<RecordComponent> components) {
    static Shape of(Class<?> type) {
      RecordComponent[] components = type.getRecordComponents();
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      try {
        Constructor<?> constructor = type.getDeclaredConstructor(types);
        return new Shape(constructor, List.of(components));
      } catch (NoSuchMethodException e) {
        throw new IllegalStateException(e); // every record has it
      }
    }
  }

  /// Writes a record of a sealed interface.
  ///
  /// @throws IllegalArgumentException if it holds something that has no form
  public static byte[] write(Class<?> sealed, Record value) {
    var out = new Output();
    out.value(sealed, value);
    return out.bytes();
  }

  /// Reads what [#write] wrote.
  ///
  /// @return null if there is no such record here, or the bytes are none
  public static <T> @Nullable T read(Class<T> sealed, byte[] bytes) {
    try {
      Object value = new Input().value(sealed, ByteBuffer.wrap(bytes));
      return sealed.cast(value);
    } catch (UnreadableException
        | BufferUnderflowException
        | IllegalArgumentException
        | NullPointerException e) {
      return null;
    }
  }

  /// The bytes are no such record.
  private static final class UnreadableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnreadableException(String message) {
      super(message, null, false, false);
    }
  }

  /// The record among those that a sealed interface permits, at any depth.
  private static @Nullable Class<?> permitted(Class<?> sealed, String name) {
    for (Class<?> each : sealed.getPermittedSubclasses()) {
      Class<?> found =
          each.isSealed() ? permitted(each, name) : each.getSimpleName().equals(name) ? each : null;
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private static Class<?> raw(Type type) {
    return switch (type) {
      case Class<?> plain -> plain;
      case ParameterizedType generic -> raw(generic.getRawType());
      default -> throw new IllegalArgumentException(type + " has no form");
    };
  }

  private static Type argument(Type type, int i) {
    return ((ParameterizedType) type).getActualTypeArguments()[i];
  }

  private static final class Output {
    private ByteBuffer out = ByteBuffer.allocate(512);

    byte[] bytes() {
      return Arrays.copyOf(out.array(), out.position());
    }

    private ByteBuffer room(int bytes) {
      if (out.remaining() < bytes) {
        int size = Math.max(2 * out.capacity(), out.position() + bytes);
        out = ByteBuffer.allocate(size).put(out.flip());
      }
      return out;
    }

    private void name(String name) {
      byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
      room(1 + ascii.length).put((byte) ascii.length).put(ascii);
    }

    private void part(Type type, Object value) {
      room(4).putInt(0);
      int start = out.position();
      value(type, value);
      out.putInt(start - 4, out.position() - start);
    }

    void value(Type type, Object value) {
      switch (value) {
        case String text -> {
          byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
          room(utf8.length).put(utf8);
        }
        case Boolean flag -> room(1).put((byte) (flag ? 1 : 0));
        case Integer number -> room(4).putInt(number);
        case Long number -> room(8).putLong(number);
        case Enum<?> constant -> value(String.class, constant.name());
        case byte[] bytes -> room(bytes.length).put(bytes);
        case InetAddress address -> room(16).put(address.getAddress());
        case InetSocketAddress address -> {
          byte[] bytes = address.getAddress().getAddress();
          room(2 + bytes.length).putShort((short) address.getPort()).put(bytes);
        }
        case HeaderExtensionMap map -> ids(map);
        case List<?> list -> list.forEach(each -> part(argument(type, 0), each));
        case Set<?> set -> set.forEach(each -> part(argument(type, 0), each));
        case Map<?, ?> map ->
            map.forEach(
                (key, mapped) -> {
                  part(argument(type, 0), key);
                  part(argument(type, 1), mapped);
                });
        case Record record -> {
          if (raw(type).isSealed()) {
            name(record.getClass().getSimpleName());
          }
          components(record);
        }
        default -> throw new IllegalArgumentException(value.getClass() + " has no form");
      }
    }

    private void components(Record record) {
      for (RecordComponent component : SHAPES.get(record.getClass()).components) {
        Object value = read(component, record);
        if (value != null) {
          name(component.getName());
          part(component.getGenericType(), value);
        }
      }
    }

    private static @Nullable Object read(RecordComponent component, Record record) {
      try {
        return component.getAccessor().invoke(record);
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new IllegalArgumentException(e);
      }
    }

    private void ids(HeaderExtensionMap map) {
      room(1).put((byte) (map.isMixed() ? 1 : 0));
      map.all()
          .forEach(
              (extension, ids) -> {
                name(extension.name());
                room(1 + ids.size()).put((byte) ids.size());
                ids.forEach(id -> out.put((byte) (int) id));
              });
    }
  }

  private static final class Input {
    private int values;

    private static ByteBuffer part(ByteBuffer in) {
      return slice(in, in.getInt());
    }

    private static ByteBuffer slice(ByteBuffer in, int length) {
      if (length < 0 || length > in.remaining()) {
        throw new UnreadableException("a length lies");
      }
      ByteBuffer part = in.slice(in.position(), length);
      in.position(in.position() + length);
      return part;
    }

    private static String text(ByteBuffer in) {
      return StandardCharsets.UTF_8.decode(in).toString();
    }

    private static String name(ByteBuffer in) {
      return text(slice(in, in.get() & 0xFF));
    }

    private static byte[] bytes(ByteBuffer in) {
      byte[] bytes = new byte[in.remaining()];
      in.get(bytes);
      return bytes;
    }

    /// @return null if there is no such constant or record here
    @Nullable Object value(Type type, ByteBuffer in) {
      if (++values > MOST_VALUES) {
        throw new UnreadableException("too many values");
      }
      Class<?> raw = raw(type);
      if (raw == String.class) {
        return text(in);
      } else if (raw == boolean.class || raw == Boolean.class) {
        return in.get() != 0;
      } else if (raw == int.class || raw == Integer.class) {
        return in.getInt();
      } else if (raw == long.class || raw == Long.class) {
        return in.getLong();
      } else if (raw.isEnum()) {
        return constant(raw, text(in));
      } else if (raw == byte[].class) {
        return bytes(in);
      } else if (raw == InetAddress.class) {
        return address(in);
      } else if (raw == InetSocketAddress.class) {
        int port = in.getShort() & 0xFFFF;
        return new InetSocketAddress(address(in), port);
      } else if (raw == HeaderExtensionMap.class) {
        return ids(in);
      } else if (raw == List.class) {
        return elements(type, in);
      } else if (raw == Set.class) {
        return new HashSet<>(elements(type, in));
      } else if (raw == Map.class) {
        return map(type, in);
      } else if (raw.isSealed()) {
        Class<?> named = permitted(raw, name(in));
        return named == null ? null : record(named, in);
      } else if (raw.isRecord()) {
        return record(raw, in);
      }
      throw new IllegalArgumentException(raw + " has no form");
    }

    private static @Nullable Object constant(Class<?> type, String name) {
      for (Object each : type.getEnumConstants()) {
        if (((Enum<?>) each).name().equals(name)) {
          return each;
        }
      }
      return null;
    }

    private static InetAddress address(ByteBuffer in) {
      try {
        return InetAddress.getByAddress(bytes(in));
      } catch (UnknownHostException e) {
        throw new UnreadableException("an address has 4 or 16 bytes");
      }
    }

    /// Elements that are not known here are left out.
    private List<Object> elements(Type type, ByteBuffer in) {
      List<Object> elements = new ArrayList<>();
      while (in.hasRemaining()) {
        Object element = value(argument(type, 0), part(in));
        if (element != null) {
          elements.add(element);
        }
      }
      return elements;
    }

    private Map<Object, Object> map(Type type, ByteBuffer in) {
      Map<Object, Object> map = new HashMap<>();
      while (in.hasRemaining()) {
        Object key = value(argument(type, 0), part(in));
        Object mapped = value(argument(type, 1), part(in));
        if (key != null && mapped != null) {
          map.put(key, mapped);
        }
      }
      return map;
    }

    private static HeaderExtensionMap ids(ByteBuffer in) {
      boolean mixed = in.get() != 0;
      Map<HeaderExtension, List<Integer>> all = new HashMap<>();
      while (in.hasRemaining()) {
        Object extension = constant(HeaderExtension.class, name(in));
        List<Integer> ids = new ArrayList<>();
        for (byte id : bytes(slice(in, in.get() & 0xFF))) {
          ids.add(id & 0xFF);
        }
        if (extension instanceof HeaderExtension known) {
          all.put(known, ids);
        }
      }
      return HeaderExtensionMap.of(all, mixed);
    }

    private Object record(Class<?> type, ByteBuffer in) {
      Shape shape = SHAPES.get(type);
      @Nullable Object[] arguments = new @Nullable Object[shape.components.size()];
      while (in.hasRemaining()) {
        String name = name(in);
        ByteBuffer part = part(in);
        for (int i = 0; i < arguments.length; i++) {
          RecordComponent component = shape.components.get(i);
          if (component.getName().equals(name)) {
            arguments[i] = value(component.getGenericType(), part);
          }
        }
      }
      for (int i = 0; i < arguments.length; i++) {
        if (arguments[i] == null) {
          arguments[i] = absent(shape.components.get(i));
        }
      }
      try {
        return shape.constructor.newInstance(arguments);
      } catch (InvocationTargetException e) {
        throw new UnreadableException(type.getSimpleName() + ": " + e.getCause());
      } catch (InstantiationException | IllegalAccessException e) {
        throw new IllegalStateException(e); // records that have a form are public
      }
    }

    private static @Nullable Object absent(RecordComponent component) {
      Class<?> type = component.getType();
      if (component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
        return null;
      } else if (type == boolean.class) {
        return false;
      } else if (type == int.class) {
        return 0;
      } else if (type == long.class) {
        return 0L;
      } else if (type == List.class) {
        return List.of();
      } else if (type == Set.class) {
        return Set.of();
      } else if (type == Map.class) {
        return Map.of();
      }
      throw new UnreadableException("there is no " + component.getName());
    }
  }
}
