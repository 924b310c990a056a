package dev.likeness.gateway;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

class ArchitectureTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> location.contains("dev/likeness/gateway"))
          .withImportOption(location -> !location.contains("dev/likeness/gateway/v1"))
          .importPackages("dev.likeness.gateway");

  @Test
  void domainKnowsNoFrameworkAndNoTransport() {
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.likeness.gateway.run..",
            "dev.likeness.gateway.peer..",
            "dev.likeness.gateway.competition..",
            "dev.likeness.gateway.search..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.quarkus..",
            "io.grpc..",
            "io.smallrye..",
            "jakarta..",
            "dev.likeness.gateway.grpc..",
            "dev.likeness.gateway.rest..",
            "dev.likeness.gateway.config..",
            "dev.likeness.gateway.health..")
        .check(CLASSES);
  }

  @Test
  void generatedClassesStayInsideGrpc() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.likeness.gateway.grpc..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.likeness.gateway.v1..",
            "dev.likeness.embedder.v1..",
            "dev.likeness.index.v1..",
            "com.google.protobuf..")
        .check(CLASSES);
  }

  @Test
  void restSharesTheStatusMappingOnly() {
    noClasses()
        .that()
        .resideInAPackage("dev.likeness.gateway.rest..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.likeness.gateway.grpc..").and(not(simpleName("StatusMapping"))))
        .check(CLASSES);
  }

  @Test
  void packagesFormNoCycles() {
    slices().matching("dev.likeness.gateway.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void everyPackageIsNullMarked() {
    assertThat(CLASSES.stream().map(type -> type.getPackage()).distinct())
        .isNotEmpty()
        .allMatch(found -> found.isAnnotatedWith(NullMarked.class));
  }
}
