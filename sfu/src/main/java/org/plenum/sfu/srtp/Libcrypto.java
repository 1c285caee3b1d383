package org.plenum.sfu.srtp;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The functions of OpenSSL's libcrypto (1.1 or 3) that SRTP needs, by java.lang.foreign.
///
/// Pointers travel as `long`: a sliced segment for each argument would be garbage for each packet.
/// So callers check bounds before they take an address. Functions that run for each packet are
/// linked as critical (no thread-state change): they are short and never block.
final class Libcrypto {
  static final int GCM_GET_TAG = 0x10;
  static final int GCM_SET_TAG = 0x11;

  private static final List<String> NAMES =
      List.of("libcrypto.so.3", "libcrypto.so.1.1", "libcrypto.so");
  private static final int LONGEST_VERSION_TEXT = 256;

  /// Of all of them. The JVM makes ten classes for each shape, which costs a start some 10 ms; and
  /// where six integers travel in registers, as on every 64-bit Linux, a function takes those that
  /// it has, of an int the lower half, and leaves an int in the lower half of what it returns.
  private static final FunctionDescriptor SHAPE =
      FunctionDescriptor.of(
          JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);

  private static final @Nullable SymbolLookup LIBRARY = openLibrary();

  private static final MethodHandle AES_128_GCM = function("EVP_aes_128_gcm");
  private static final MethodHandle AES_128_CTR = function("EVP_aes_128_ctr");
  private static final MethodHandle SHA1 = function("EVP_sha1");
  private static final MethodHandle CIPHER_NEW = function("EVP_CIPHER_CTX_new");
  private static final MethodHandle CIPHER_FREE = function("EVP_CIPHER_CTX_free");
  private static final MethodHandle CIPHER_KEY = function("EVP_CipherInit_ex");
  private static final MethodHandle CIPHER_IV = critical("EVP_CipherInit_ex");
  private static final MethodHandle CIPHER_UPDATE = critical("EVP_CipherUpdate");
  private static final MethodHandle CIPHER_FINAL = critical("EVP_CipherFinal_ex");
  private static final MethodHandle CIPHER_CTRL = critical("EVP_CIPHER_CTX_ctrl");
  private static final MethodHandle HMAC_NEW = function("HMAC_CTX_new");
  private static final MethodHandle HMAC_FREE = function("HMAC_CTX_free");
  private static final MethodHandle HMAC_KEY = function("HMAC_Init_ex");
  private static final MethodHandle HMAC_RESTART = critical("HMAC_Init_ex");
  private static final MethodHandle HMAC_UPDATE = critical("HMAC_Update");
  private static final MethodHandle HMAC_FINAL = critical("HMAC_Final");
  private static final MethodHandle MALLOC = function("CRYPTO_malloc");
  private static final MethodHandle CLEAR_FREE = function("CRYPTO_clear_free");
  private static final MethodHandle VERSION = function("OpenSSL_version");

  private Libcrypto() {}

  static boolean isPresent() {
    return LIBRARY != null;
  }

  /// Such as "OpenSSL 3.0.15 3 Sep 2024".
  static String version() {
    try {
      long text = (long) VERSION.invokeExact(0L, 0L, 0L, 0L, 0L, 0L);
      return text == 0
          ? "unknown"
          : MemorySegment.ofAddress(text).reinterpret(LONGEST_VERSION_TEXT).getString(0);
    } catch (Throwable t) {
      throw failed("OpenSSL_version", t);
    }
  }

  static long aes128Gcm() {
    try {
      return notNull("EVP_aes_128_gcm", (long) AES_128_GCM.invokeExact(0L, 0L, 0L, 0L, 0L, 0L));
    } catch (Throwable t) {
      throw failed("EVP_aes_128_gcm", t);
    }
  }

  static long aes128Ctr() {
    try {
      return notNull("EVP_aes_128_ctr", (long) AES_128_CTR.invokeExact(0L, 0L, 0L, 0L, 0L, 0L));
    } catch (Throwable t) {
      throw failed("EVP_aes_128_ctr", t);
    }
  }

  static long newCipherContext() {
    try {
      return notNull("EVP_CIPHER_CTX_new", (long) CIPHER_NEW.invokeExact(0L, 0L, 0L, 0L, 0L, 0L));
    } catch (Throwable t) {
      throw failed("EVP_CIPHER_CTX_new", t);
    }
  }

  static void freeCipherContext(long context) {
    try {
      long _ = (long) CIPHER_FREE.invokeExact(context, 0L, 0L, 0L, 0L, 0L);
    } catch (Throwable t) {
      throw failed("EVP_CIPHER_CTX_free", t);
    }
  }

  static void keyCipher(long context, long cipher, long key, int encrypt) {
    try {
      check(
          "EVP_CipherInit_ex",
          (int) (long) CIPHER_KEY.invokeExact(context, cipher, 0L, key, 0L, (long) encrypt));
    } catch (Throwable t) {
      throw failed("EVP_CipherInit_ex", t);
    }
  }

  /// Begins a message under the key and direction that the context already has (-1: unchanged).
  static void startCipher(long context, long iv) {
    try {
      check("EVP_CipherInit_ex", (int) (long) CIPHER_IV.invokeExact(context, 0L, 0L, 0L, iv, -1L));
    } catch (Throwable t) {
      throw failed("EVP_CipherInit_ex", t);
    }
  }

  /// @param out 0 for additional authenticated data
  /// @param written address of an int that receives the bytes written
  static void updateCipher(long context, long out, long written, long in, int length) {
    try {
      check(
          "EVP_CipherUpdate",
          (int) (long) CIPHER_UPDATE.invokeExact(context, out, written, in, (long) length, 0L));
    } catch (Throwable t) {
      throw failed("EVP_CipherUpdate", t);
    }
  }

  /// Returns whether the message ended well; when decrypting, whether its tag was right.
  static boolean finishCipher(long context, long out, long written) {
    try {
      return (int) (long) CIPHER_FINAL.invokeExact(context, out, written, 0L, 0L, 0L) > 0;
    } catch (Throwable t) {
      throw failed("EVP_CipherFinal_ex", t);
    }
  }

  static void controlCipher(long context, int command, int argument, long pointer) {
    try {
      check(
          "EVP_CIPHER_CTX_ctrl",
          (int)
              (long)
                  CIPHER_CTRL.invokeExact(
                      context, (long) command, (long) argument, pointer, 0L, 0L));
    } catch (Throwable t) {
      throw failed("EVP_CIPHER_CTX_ctrl", t);
    }
  }

  static long newHmacContext() {
    try {
      return notNull("HMAC_CTX_new", (long) HMAC_NEW.invokeExact(0L, 0L, 0L, 0L, 0L, 0L));
    } catch (Throwable t) {
      throw failed("HMAC_CTX_new", t);
    }
  }

  static void freeHmacContext(long context) {
    try {
      long _ = (long) HMAC_FREE.invokeExact(context, 0L, 0L, 0L, 0L, 0L);
    } catch (Throwable t) {
      throw failed("HMAC_CTX_free", t);
    }
  }

  static void keyHmacSha1(long context, long key, int keyBytes) {
    try {
      long sha1 = notNull("EVP_sha1", (long) SHA1.invokeExact(0L, 0L, 0L, 0L, 0L, 0L));
      check(
          "HMAC_Init_ex",
          (int) (long) HMAC_KEY.invokeExact(context, key, (long) keyBytes, sha1, 0L, 0L));
    } catch (Throwable t) {
      throw failed("HMAC_Init_ex", t);
    }
  }

  /// Begins a message under the key that the context already has.
  static void startHmac(long context) {
    try {
      check("HMAC_Init_ex", (int) (long) HMAC_RESTART.invokeExact(context, 0L, 0L, 0L, 0L, 0L));
    } catch (Throwable t) {
      throw failed("HMAC_Init_ex", t);
    }
  }

  static void updateHmac(long context, long in, long length) {
    try {
      check("HMAC_Update", (int) (long) HMAC_UPDATE.invokeExact(context, in, length, 0L, 0L, 0L));
    } catch (Throwable t) {
      throw failed("HMAC_Update", t);
    }
  }

  static void finishHmac(long context, long out, long written) {
    try {
      check("HMAC_Final", (int) (long) HMAC_FINAL.invokeExact(context, out, written, 0L, 0L, 0L));
    } catch (Throwable t) {
      throw failed("HMAC_Final", t);
    }
  }

  /// Native memory that any thread may use, until [#free]: an arena would be bound to one thread,
  /// or cost a stop of all to close.
  static MemorySegment allocate(long bytes) {
    try {
      long address = notNull("CRYPTO_malloc", (long) MALLOC.invokeExact(bytes, 0L, 0L, 0L, 0L, 0L));
      return MemorySegment.ofAddress(address).reinterpret(bytes).fill((byte) 0);
    } catch (Throwable t) {
      throw failed("CRYPTO_malloc", t);
    }
  }

  static void free(MemorySegment memory) {
    try {
      long _ = (long) CLEAR_FREE.invokeExact(memory.address(), memory.byteSize(), 0L, 0L, 0L, 0L);
    } catch (Throwable t) {
      throw failed("CRYPTO_clear_free", t);
    }
  }

  private static @Nullable SymbolLookup openLibrary() {
    for (String name : NAMES) {
      try {
        return SymbolLookup.libraryLookup(name, Arena.global());
      } catch (IllegalArgumentException | IllegalCallerException e) {
        // not installed under this name, or native access is denied
      }
    }
    return null;
  }

  private static MethodHandle function(String name) {
    return link(name);
  }

  private static MethodHandle critical(String name) {
    return link(name, Linker.Option.critical(false));
  }

  /// A missing function becomes one that returns 0, which every caller takes for a failure: so the
  /// class loads everywhere, and the self-test decides.
  private static MethodHandle link(String name, Linker.Option... options) {
    var symbol = LIBRARY == null ? null : LIBRARY.find(name).orElse(null);
    return symbol == null
        ? MethodHandles.empty(SHAPE.toMethodType())
        : Linker.nativeLinker().downcallHandle(symbol, SHAPE, options);
  }

  private static long notNull(String function, long pointer) {
    if (pointer == 0) {
      throw new IllegalStateException("libcrypto " + function + " returned null");
    }
    return pointer;
  }

  private static void check(String function, int result) {
    if (result != 1) {
      throw new IllegalStateException("libcrypto " + function + " returned " + result);
    }
  }

  private static IllegalStateException failed(String function, Throwable cause) {
    return cause instanceof IllegalStateException e
        ? e
        : new IllegalStateException("libcrypto " + function + " failed", cause);
  }
}
