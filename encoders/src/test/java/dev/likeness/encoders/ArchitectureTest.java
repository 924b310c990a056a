package dev.likeness.encoders;

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

/** Arrows between packages point one way, from what is done to what it is done with. */
class ArchitectureTest {

  private static final String ROOT = "dev.likeness.encoders";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  @Test
  void arrowsPointInwards() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("image")
        .definedBy(ROOT + ".image")
        .layer("jpeg")
        .definedBy(ROOT + ".jpeg")
        .layer("preprocess")
        .definedBy(ROOT + ".preprocess")
        .layer("store")
        .definedBy(ROOT + ".store")
        .layer("runtime")
        .definedBy(ROOT + ".runtime")
        .layer("graph")
        .definedBy(ROOT + ".graph")
        .layer("imports")
        .definedBy(ROOT + ".imports")
        .layer("ensemble")
        .definedBy(ROOT + ".ensemble")
        .layer("projection")
        .definedBy(ROOT + ".projection")
        .layer("architecture")
        .definedBy(ROOT + ".architecture")
        .layer("checkpoint")
        .definedBy(ROOT + ".checkpoint")
        .layer("pull")
        .definedBy(ROOT + ".pull")
        .layer("quantize")
        .definedBy(ROOT + ".quantize")
        .layer("execution")
        .definedBy(ROOT + ".execution")
        .whereLayer("image")
        .mayOnlyBeAccessedByLayers("preprocess", "quantize")
        .whereLayer("jpeg")
        .mayOnlyBeAccessedByLayers("image")
        .whereLayer("preprocess")
        .mayOnlyBeAccessedByLayers(
            "store",
            "runtime",
            "imports",
            "ensemble",
            "projection",
            "architecture",
            "pull",
            "quantize")
        .whereLayer("store")
        .mayOnlyBeAccessedByLayers(
            "runtime",
            "imports",
            "ensemble",
            "projection",
            "architecture",
            "pull",
            "quantize",
            "execution")
        .whereLayer("runtime")
        .mayOnlyBeAccessedByLayers(
            "imports", "ensemble", "projection", "architecture", "pull", "quantize", "execution")
        .whereLayer("graph")
        .mayOnlyBeAccessedByLayers(
            "imports", "ensemble", "projection", "architecture", "quantize", "execution")
        .whereLayer("ensemble")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("imports")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("projection")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("checkpoint")
        .mayOnlyBeAccessedByLayers("architecture", "pull")
        .whereLayer("architecture")
        .mayOnlyBeAccessedByLayers("pull")
        .whereLayer("quantize")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("execution")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("pull")
        .mayNotBeAccessedByAnyLayer()
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void onlyTheRuntimeKnowsOnnxRuntime() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".runtime")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.onnxruntime..")
        .check(CLASSES);
  }

  @Test
  void theLibraryKnowsNoFramework() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.quarkus..", "jakarta..", "io.smallrye..", "io.grpc..")
        .check(CLASSES);
  }

  @Test
  void everyPackageIsNullMarked() {
    Set<String> packages =
        CLASSES.stream().map(found -> found.getPackageName()).collect(Collectors.toSet());
    assertThat(packages).isNotEmpty();
    for (String name : packages) {
      assertThat(CLASSES.getPackage(name).isAnnotatedWith(NullMarked.class)).as(name).isTrue();
    }
  }
}
