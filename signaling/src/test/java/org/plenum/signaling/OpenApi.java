package org.plenum.signaling;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.plenum.signaling.admin.Api;

/// The document of the admin API, held against what the server says. Knows as much of JSON Schema
/// as the document uses.
final class OpenApi {
  /// An operation as a request would name it.
  record Operation(String method, String path, JsonNode node) {}

  static final JsonNode DOCUMENT = load();

  private OpenApi() {}

  static List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    for (Map.Entry<String, JsonNode> path : DOCUMENT.get("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        if (!method.getKey().equals("parameters")) {
          operations.add(
              new Operation(
                  method.getKey().toUpperCase(java.util.Locale.ROOT),
                  path.getKey(),
                  method.getValue()));
        }
      }
    }
    return operations;
  }

  /// Fails unless the document says that this request may be answered like this.
  static void assertDescribed(
      String method, String path, int status, String contentType, JsonNode body) {
    Operation operation =
        operations().stream()
            .filter(each -> each.method().equals(method) && matches(each.path(), path))
            .findFirst()
            .orElseThrow(() -> new AssertionError(method + " " + path + " is not in the document"));
    JsonNode responses = operation.node().get("responses");
    JsonNode response = responses.get(String.valueOf(status));
    if (response == null) {
      assertTrue(status >= 400, status + " is not described for " + method + " " + path);
      response = resolve(responses.get("default"));
    }
    JsonNode content = response.get("content");
    if (content == null) {
      assertTrue(body.isMissingNode(), "a body is not described for " + method + " " + path);
      return;
    }
    assertNotNull(content.get(contentType), contentType + " for " + method + " " + path);
    check(content.get(contentType).get("schema"), body, method + " " + path);
  }

  private static boolean matches(String template, String path) {
    String bare = path.split("\\?", 2)[0];
    return Pattern.matches(template.replace(".", "\\.").replaceAll("\\{\\w+}", "[^/]+"), bare);
  }

  private static void check(JsonNode reference, JsonNode value, String where) {
    JsonNode schema = resolve(reference);
    if (schema.has("type")) {
      assertTrue(hasType(schema.get("type"), value), where + " has a wrong type: " + value);
    }
    if (schema.has("enum")) {
      boolean found = false;
      for (JsonNode each : schema.get("enum")) {
        found |= each.equals(value);
      }
      assertTrue(found, where + " must be one of " + schema.get("enum") + ": " + value);
    }
    if (value.isArray() && schema.has("items")) {
      value.forEach(each -> check(schema.get("items"), each, where + "[]"));
    }
    if (value.isObject() && schema.has("properties")) {
      checkFields(schema, value, where);
    }
  }

  private static void checkFields(JsonNode schema, JsonNode value, String where) {
    schema
        .get("required")
        .forEach(name -> assertTrue(value.has(name.asText()), where + " lacks " + name));
    for (Map.Entry<String, JsonNode> field : value.properties()) {
      JsonNode property = schema.get("properties").get(field.getKey());
      assertNotNull(property, where + "." + field.getKey() + " is not described");
      check(property, field.getValue(), where + "." + field.getKey());
    }
  }

  private static boolean hasType(JsonNode types, JsonNode value) {
    if (types.isArray()) {
      for (JsonNode type : types) {
        if (hasType(type, value)) {
          return true;
        }
      }
      return false;
    }
    return switch (types.asText()) {
      case "string" -> value.isTextual();
      case "boolean" -> value.isBoolean();
      case "integer" -> value.isIntegralNumber();
      case "number" -> value.isNumber();
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      case "null" -> value.isNull();
      default -> throw new AssertionError("a type that this test does not know: " + types);
    };
  }

  private static JsonNode resolve(JsonNode node) {
    JsonNode reference = node.get("$ref");
    return reference == null ? node : DOCUMENT.at(reference.asText().substring(1));
  }

  private static JsonNode load() {
    try (InputStream in = Api.class.getResourceAsStream("openapi.json")) {
      return new JsonMapper().readTree(in);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
