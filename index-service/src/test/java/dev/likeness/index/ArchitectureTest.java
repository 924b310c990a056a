package dev.likeness.index;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.jspecify.annotations.NullMarked;

/** The arrows: grpc, config → collection → search, storage → kernel, vector → error. */
@AnalyzeClasses(packages = "dev.likeness.index", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String[] DOMAIN_AND_ENGINE = {
    "dev.likeness.index.collection",
    "dev.likeness.index.search",
    "dev.likeness.index.storage",
    "dev.likeness.index.kernel",
    "dev.likeness.index.vector",
    "dev.likeness.index.error"
  };

  @ArchTest
  static final ArchRule DOMAIN_AND_ENGINE_NEED_ONLY_JAVA =
      classes()
          .that()
          .resideInAnyPackage(DOMAIN_AND_ENGINE)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "dev.likeness.index.collection",
              "dev.likeness.index.search",
              "dev.likeness.index.storage",
              "dev.likeness.index.kernel",
              "dev.likeness.index.vector",
              "dev.likeness.index.error",
              "java..",
              "jdk.incubator.vector",
              "org.jspecify.annotations");

  @ArchTest
  static final ArchRule ENGINES_DO_NOT_KNOW_COLLECTIONS =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.likeness.index.search",
              "dev.likeness.index.storage",
              "dev.likeness.index.kernel",
              "dev.likeness.index.vector",
              "dev.likeness.index.error")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.likeness.index.collection");

  @ArchTest
  static final ArchRule MUTINY_STAYS_AT_THE_EDGE =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.likeness.index.grpc", "dev.likeness.index.v1")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.smallrye.mutiny..");

  @ArchTest
  static final ArchRule NO_CYCLES =
      slices().matching("dev.likeness.index.(*)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule EVERY_PACKAGE_IS_NULL_MARKED =
      classes()
          .that()
          .haveSimpleName("package-info")
          .and()
          .resideOutsideOfPackage("dev.likeness.index.v1")
          .should()
          .beAnnotatedWith(NullMarked.class);
}
