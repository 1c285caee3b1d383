package org.plenum.ice.agent;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.ice4j.Transport;
import org.ice4j.TransportAddress;
import org.ice4j.attribute.Attribute;
import org.ice4j.attribute.ErrorCodeAttribute;
import org.ice4j.message.Message;
import org.ice4j.message.MessageFactory;
import org.ice4j.message.Request;
import org.ice4j.message.Response;
import org.plenum.ice.NetworkPath;

/// Builds the responses of an ICE-lite agent: ice4j makes the attributes, MESSAGE-INTEGRITY
/// and FINGERPRINT close each message.
///
/// The message is put together here and not by `Message.encode`, which adds a SOFTWARE
/// attribute by a global setting and takes its key from a `StunStack`.
final class StunResponses {
  private StunResponses() {}

  /// A success response that tells the peer its own address (RFC 8489 §6.3.1.1).
  static byte[] success(Request request, NetworkPath path, StunIntegrity integrity) {
    TransportAddress mapped =
        new TransportAddress(remoteAddress(path), path.remotePort(), Transport.UDP);
    return encode(MessageFactory.createBindingResponse(request, mapped), request, integrity);
  }

  /// 420 with UNKNOWN-ATTRIBUTES (RFC 8489 §6.3.1).
  static byte[] unknownAttributes(Request request, char[] types, StunIntegrity integrity) {
    Response response =
        MessageFactory.createBindingErrorResponse(
            ErrorCodeAttribute.UNKNOWN_ATTRIBUTE, "Unknown Attribute", types);
    return encode(response, request, integrity);
  }

  /// 487: the peer claims to be controlled, as a lite agent always is (RFC 8445 §7.3.1.1).
  static byte[] roleConflict(Request request, StunIntegrity integrity) {
    Response response =
        MessageFactory.createBindingErrorResponse(
            ErrorCodeAttribute.ROLE_CONFLICT, "Role Conflict");
    return encode(response, request, integrity);
  }

  private static byte[] encode(Response response, Request request, StunIntegrity integrity) {
    byte[] attributes = encodeAttributes(response);
    int integrityAt = StunFraming.HEADER_BYTES + attributes.length;
    int fingerprintAt =
        integrityAt + StunFraming.ATTRIBUTE_HEADER_BYTES + StunIntegrity.INTEGRITY_BYTES;
    int length =
        fingerprintAt + StunFraming.ATTRIBUTE_HEADER_BYTES + StunIntegrity.FINGERPRINT_BYTES;
    ByteBuffer message = ByteBuffer.allocate(length);
    message.putChar(response.getMessageType());
    message.putChar((char) (length - StunFraming.HEADER_BYTES));
    message.put(Message.MAGIC_COOKIE);
    message.put(request.getTransactionID());
    message.put(attributes);
    message.putChar(Attribute.MESSAGE_INTEGRITY);
    message.putChar((char) StunIntegrity.INTEGRITY_BYTES);
    message.put(integrity.compute(message.array(), integrityAt));
    message.putChar(Attribute.FINGERPRINT);
    message.putChar((char) StunIntegrity.FINGERPRINT_BYTES);
    message.putInt(StunIntegrity.fingerprint(message.array(), fingerprintAt));
    return message.array();
  }

  private static byte[] encodeAttributes(Response response) {
    ByteArrayOutputStream encoded = new ByteArrayOutputStream(64);
    for (Attribute attribute : response.getAttributes()) {
      encoded.writeBytes(attribute.encode());
      while (encoded.size() % 4 != 0) {
        encoded.write(0);
      }
    }
    return encoded.toByteArray();
  }

  /// An IPv4-mapped address comes back as an IPv4 address (`InetAddress.getByAddress` sees to it).
  private static InetAddress remoteAddress(NetworkPath path) {
    byte[] address =
        ByteBuffer.allocate(16).putLong(path.remoteHigh()).putLong(path.remoteLow()).array();
    try {
      return InetAddress.getByAddress(address);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("16 bytes are an address", e);
    }
  }
}
