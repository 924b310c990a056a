package dev.likeness.embedder;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

class DependencyRulesTest {

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.likeness.embedder");

  @Test
  void domainKnowsNeitherFrameworkNorTransport() {
    noClasses()
        .that()
        .resideInAnyPackage("..failure..", "..batching..", "..serving..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.quarkus..",
            "io.grpc..",
            "io.smallrye..",
            "jakarta..",
            "..embedder.v1..",
            "..embedder.grpc..",
            "..embedder.kafka..",
            "..embedder.config..",
            "..embedder.operation..")
        .check(classes);
  }

  @Test
  void batchingKnowsNoModelStore() {
    noClasses()
        .that()
        .resideInAnyPackage("..batching..", "..failure..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.likeness.encoders..", "..serving..")
        .check(classes);
  }

  @Test
  void reactiveTypesStayAtTheTransport() {
    noClasses()
        .that()
        .resideOutsideOfPackages("..embedder.grpc..", "..embedder.kafka..", "..embedder.v1..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.smallrye.mutiny..")
        .check(classes);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.likeness.embedder.(*)..").should().beFreeOfCycles().check(classes);
  }

  @Test
  void everyPackageIsNullMarked() {
    for (JavaPackage each : classes.getPackage("dev.likeness.embedder").getSubpackagesInTree()) {
      if (!each.getClasses().isEmpty() && !each.getName().endsWith(".v1")) {
        assertThat(each.isAnnotatedWith(NullMarked.class)).as(each.getName()).isTrue();
      }
    }
  }
}
