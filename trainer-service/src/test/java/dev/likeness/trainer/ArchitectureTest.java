package dev.likeness.trainer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** Arrows point from the edge to the domain, and the inside knows no framework. */
class ArchitectureTest {

  private static final String ROOT = "dev.likeness.trainer";
  private static final String[] INSIDE = {
    ROOT + ".dataset",
    ROOT + ".job",
    ROOT + ".work",
    ROOT + ".model",
    ROOT + ".pca",
    ROOT + ".finetune"
  };
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(
              ROOT + ".dataset",
              ROOT + ".job",
              ROOT + ".work",
              ROOT + ".pca",
              ROOT + ".finetune",
              ROOT + ".model",
              ROOT + ".grpc",
              ROOT + ".kafka",
              ROOT + ".config",
              ROOT + ".wiring");

  @Test
  void arrowsPointInwards() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("dataset")
        .definedBy(ROOT + ".dataset")
        .layer("job")
        .definedBy(ROOT + ".job")
        .layer("work")
        .definedBy(ROOT + ".work")
        .layer("pca")
        .definedBy(ROOT + ".pca")
        .layer("finetune")
        .definedBy(ROOT + ".finetune")
        .layer("model")
        .definedBy(ROOT + ".model")
        .layer("config")
        .definedBy(ROOT + ".config")
        .layer("grpc")
        .definedBy(ROOT + ".grpc")
        .layer("kafka")
        .definedBy(ROOT + ".kafka")
        .layer("wiring")
        .definedBy(ROOT + ".wiring")
        .whereLayer("dataset")
        .mayOnlyBeAccessedByLayers("job", "work")
        .whereLayer("work")
        .mayOnlyBeAccessedByLayers("pca", "finetune", "grpc", "kafka", "wiring")
        .whereLayer("model")
        .mayOnlyBeAccessedByLayers("grpc", "wiring")
        .whereLayer("finetune")
        .mayOnlyBeAccessedByLayers("wiring")
        .whereLayer("pca")
        .mayOnlyBeAccessedByLayers("grpc", "wiring")
        .whereLayer("config")
        .mayOnlyBeAccessedByLayers("grpc", "kafka", "wiring")
        .whereLayer("grpc")
        .mayOnlyBeAccessedByLayers("kafka")
        .whereLayer("kafka")
        .mayOnlyBeAccessedByLayers("wiring")
        .whereLayer("wiring")
        .mayNotBeAccessedByAnyLayer()
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void theInsideKnowsNoFramework() {
    noClasses()
        .that()
        .resideInAnyPackage(INSIDE)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.quarkus..",
            "io.smallrye..",
            "io.grpc..",
            "io.micrometer..",
            "org.apache.kafka..",
            "org.eclipse.microprofile..",
            "jakarta..",
            "dev.likeness.trainer.v1..",
            "dev.likeness.events..",
            "dev.likeness.embedder..")
        .check(CLASSES);
  }

  @Test
  void onlyTheStoreKnowsTheDatabase() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".job")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "javax.sql..", "io.agroal..", "org.flywaydb..")
        .check(CLASSES);
  }

  @Test
  void mutinyStaysAtTheEdge() {
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + ".grpc", ROOT + ".kafka")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.smallrye.mutiny..")
        .check(CLASSES);
  }

  @Test
  void everyPackageIsNullMarked() {
    Set<String> unmarked =
        CLASSES.stream()
            .map(type -> type.getPackage())
            .filter(found -> !found.isAnnotatedWith(NullMarked.class))
            .map(found -> found.getName())
            .collect(Collectors.toSet());
    assertThat(unmarked).isEmpty();
  }
}
