package org.plenum.bench;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/// bench may use everything, nothing uses bench.
class ArchitectureTest {
  private static final JavaClasses PLENUM =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.plenum");

  @Test
  void nothingDependsOnBench() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "org.plenum.ice..",
            "org.plenum.sfu..",
            "org.plenum.broadcast..",
            "org.plenum.metrics..",
            "org.plenum.signaling..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.plenum.bench..")
        .check(PLENUM);
  }

  @Test
  void clientsKnowNeitherSignalingNorTheCommand() {
    noClasses()
        .that()
        .resideInAPackage("org.plenum.bench.client..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.plenum.bench.load..", "org.plenum.bench.signaling..")
        .check(PLENUM);
  }

  @Test
  void noPackagesDependOnEachOtherInACycle() {
    slices().matching("org.plenum.bench.(*)..").should().beFreeOfCycles().check(PLENUM);
  }
}
