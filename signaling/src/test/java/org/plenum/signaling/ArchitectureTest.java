package org.plenum.signaling;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/// The arrows of ARCHITECTURE.md.
class ArchitectureTest {
  private static final JavaClasses PLENUM =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.plenum");

  @Test
  void modulesPointOneWay() {
    noClasses()
        .that()
        .resideInAPackage("org.plenum.ice..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.plenum.sfu..",
            "org.plenum.broadcast..",
            "org.plenum.metrics..",
            "org.plenum.signaling..")
        .check(PLENUM);
    noClasses()
        .that()
        .resideInAPackage("org.plenum.sfu..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.plenum.broadcast..", "org.plenum.metrics..", "org.plenum.signaling..")
        .check(PLENUM);
    noClasses()
        .that()
        .resideInAPackage("org.plenum.metrics..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.plenum.broadcast..", "org.plenum.signaling..")
        .check(PLENUM);
    noClasses()
        .that()
        .resideInAPackage("org.plenum.broadcast..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.plenum.metrics..", "org.plenum.signaling..")
        .check(PLENUM);
  }

  @Test
  void theSfuKnowsNeitherHttpNorJsonNorMeters() {
    noClasses()
        .that()
        .resideInAnyPackage("org.plenum.ice..", "org.plenum.sfu..", "org.plenum.broadcast..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.eclipse.jetty..",
            "com.fasterxml..",
            "io.micrometer..",
            "com.typesafe..",
            "picocli..",
            "java.net.http..")
        .check(PLENUM);
  }

  /// A server that is alone loads nothing of the engine: one class names the way into it.
  @Test
  void theClusterStaysApart() {
    noClasses()
        .that()
        .resideInAPackage("org.plenum.cluster..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.plenum.sfu..",
            "org.plenum.broadcast..",
            "org.plenum.metrics..",
            "org.plenum.signaling..")
        .check(PLENUM);
    noClasses()
        .that()
        .resideOutsideOfPackage("org.plenum.cluster.embedded..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.infinispan..", "org.jgroups..")
        .check(PLENUM);
    noClasses()
        .that()
        .resideOutsideOfPackage("org.plenum.cluster.embedded..")
        .and()
        .doNotHaveFullyQualifiedName(Clustering.class.getName())
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.plenum.cluster.embedded..")
        .check(PLENUM);
  }

  @Test
  void sdpStaysInJsep() {
    classes()
        .that()
        .resideInAPackage("org.plenum.signaling.sdp..")
        .should()
        .onlyHaveDependentClassesThat()
        .resideInAnyPackage("org.plenum.signaling.sdp..", "org.plenum.signaling.jsep..")
        .check(PLENUM);
  }

  @Test
  void sessionsKnowNeitherJettyNorSdp() {
    noClasses()
        .that()
        .resideInAnyPackage("org.plenum.signaling.session..", "org.plenum.signaling.protocol..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.eclipse.jetty..",
            "org.plenum.signaling.http..",
            "org.plenum.signaling.jsep..",
            "org.plenum.signaling.sdp..")
        .check(PLENUM);
  }

  @Test
  void noPackagesDependOnEachOtherInACycle() {
    slices().assignedFrom(new EachPackage()).should().beFreeOfCycles().check(PLENUM);
  }

  /// What is in a package itself, without the packages below it: those of a module's root may use
  /// the others or be used by them, but not both.
  private static final class EachPackage implements SliceAssignment {
    @Override
    public SliceIdentifier getIdentifierOf(JavaClass type) {
      return type.getPackageName().startsWith("org.plenum")
          ? SliceIdentifier.of(type.getPackageName())
          : SliceIdentifier.ignore();
    }

    @Override
    public String getDescription() {
      return "each package";
    }
  }

  /// `java.net` writes IPv6 addresses with every zero, by which other programs do not know them.
  @Test
  void addressesAreWrittenInOnePlace() {
    noClasses()
        .that()
        .resideInAPackage("org.plenum..")
        .should()
        .callMethod(InetAddress.class, "getHostAddress")
        .orShould()
        .callMethod(Inet6Address.class, "getHostAddress")
        .orShould()
        .callMethod(InetAddress.class, "toString")
        .orShould()
        .callMethod(InetSocketAddress.class, "toString")
        .check(PLENUM);
  }

  @Test
  void onlyTheEdgesTouchSocketsThreadsAndTheClock() {
    noClasses()
        .that(
            resideInAnyPackage("org.plenum..")
                .and(
                    not(
                        resideInAnyPackage(
                            "org.plenum.ice.port..",
                            "org.plenum.sfu.dtls..",
                            "org.plenum.sfu.worker..",
                            "org.plenum.broadcast.live..",
                            "org.plenum.cluster.link..",
                            "org.plenum.cluster.embedded..",
                            "org.plenum.signaling.."))))
        .should()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage("java.nio.channels..")
        .orShould()
        .dependOnClassesThat()
        .haveFullyQualifiedName("java.lang.Thread")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("java\\.net\\.(Datagram|Server)?Socket")
        .check(PLENUM);
  }
}
