package dev.likeness.training;

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

/** Arrows between packages point one way. */
class ArchitectureTest {

  private static final String ROOT = "dev.likeness.training";
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  @Test
  void arrowsPointInwards() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("torch")
        .definedBy(ROOT + ".torch")
        .layer("graph")
        .definedBy(ROOT + ".graph")
        .layer("operator")
        .definedBy(ROOT + ".operator")
        .layer("execute")
        .definedBy(ROOT + ".execute")
        .layer("loss")
        .definedBy(ROOT + ".loss")
        .layer("optimizer")
        .definedBy(ROOT + ".optimizer")
        .whereLayer("torch")
        .mayOnlyBeAccessedByLayers("operator", "execute", "loss", "optimizer")
        .whereLayer("graph")
        .mayOnlyBeAccessedByLayers("operator", "execute")
        .whereLayer("operator")
        .mayOnlyBeAccessedByLayers("execute")
        .whereLayer("execute")
        .mayOnlyBeAccessedByLayers("optimizer")
        .whereLayer("loss")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("optimizer")
        .mayNotBeAccessedByAnyLayer()
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void graphsAreReadWithoutLibtorch() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".graph")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.bytedeco..")
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
