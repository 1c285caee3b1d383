package org.plenum.helm;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.networking.v1.Ingress;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitor;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRule;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Manifests as typed objects of Kubernetes; a field that Kubernetes does not know is refused.
record Manifests(List<HasMetadata> all) {
  private static final Map<String, Class<? extends HasMetadata>> TYPES =
      Stream.<Class<? extends HasMetadata>>of(
              ConfigMap.class,
              Deployment.class,
              HTTPRoute.class,
              Ingress.class,
              NetworkPolicy.class,
              Pod.class,
              PodDisruptionBudget.class,
              PodMonitor.class,
              PrometheusRule.class,
              Secret.class,
              Service.class,
              ServiceAccount.class,
              ServiceMonitor.class,
              StatefulSet.class)
          .collect(
              Collectors.toMap(
                  type -> HasMetadata.getApiVersion(type) + " " + HasMetadata.getKind(type),
                  Function.identity()));

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  /// The types take what they do not know into a map of further properties: without it, an unknown
  /// field is an error.
  private static final ObjectMapper STRICT =
      JsonMapper.builder()
          .annotationIntrospector(
              new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1;

                @Override
                public Boolean hasAnySetter(Annotated annotated) {
                  return false;
                }
              })
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  static Manifests of(String yaml) {
    List<HasMetadata> all = new ArrayList<>();
    try (YAMLParser parser = new YAMLFactory().createParser(yaml)) {
      for (JsonNode node : YAML.readValues(parser, JsonNode.class).readAll()) {
        if (!node.isNull() && !node.isMissingNode()) {
          all.add(typed(node));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage() + "\n" + yaml, e);
    }
    return new Manifests(List.copyOf(all));
  }

  private static HasMetadata typed(JsonNode node) throws IOException {
    String name = node.path("apiVersion").asText() + " " + node.path("kind").asText();
    Class<? extends HasMetadata> type = TYPES.get(name);
    if (type == null) {
      throw new IllegalArgumentException("no type for " + name);
    }
    return STRICT.treeToValue(node, type);
  }

  /// Those of a type; several of a kind differ by name.
  <T extends HasMetadata> List<T> each(Class<T> type) {
    return all.stream().filter(type::isInstance).map(type::cast).toList();
  }

  /// The only one of a type.
  <T extends HasMetadata> T the(Class<T> type) {
    List<T> found = each(type);
    if (found.size() != 1) {
      throw new AssertionError("one " + type.getSimpleName() + " expected, not " + found);
    }
    return found.getFirst();
  }

  <T extends HasMetadata> T named(Class<T> type, String name) {
    return each(type).stream()
        .filter(each -> each.getMetadata().getName().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " named " + name));
  }
}
