package dev.likeness.index;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The arrows: grpc, config → collection → rerank → search, storage → graph, filter → kernel, vector
 * → error; storage, search, collection → system; config → onnx → kernel.
 */
class ArchitectureTest {

  private static final String ROOT = "dev.likeness.index.";

  private static final String[] ENGINE = {
    ROOT + "rerank",
    ROOT + "search",
    ROOT + "storage",
    ROOT + "kernel",
    ROOT + "graph",
    ROOT + "filter",
    ROOT + "vector",
    ROOT + "system",
    ROOT + "error"
  };

  private static final JavaClasses CLASSES = ours();

  private static JavaClasses ours() {
    return new ClassFileImporter()
        .withImportOption(new ImportOption.DoNotIncludeTests())
        .withImportOption(location -> !location.contains("/v1/"))
        .importPackages("dev.likeness.index");
  }

  @BeforeAll
  static void somethingIsChecked() {
    assertThat(CLASSES.size()).isGreaterThan(50);
  }

  @Test
  void engineNeedsOnlyJavaAndItself() {
    classes()
        .that()
        .resideInAnyPackage(ENGINE)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            ROOT + "rerank",
            ROOT + "search",
            ROOT + "storage",
            ROOT + "kernel",
            ROOT + "graph",
            ROOT + "filter",
            ROOT + "vector",
            ROOT + "system",
            ROOT + "error",
            "java..",
            "jdk.incubator.vector",
            "org.jspecify.annotations")
        .check(CLASSES);
  }

  @Test
  void domainNeedsOnlyJavaAndTheEngine() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "collection")
        .should()
        .dependOnClassesThat()
        .resideOutsideOfPackages(
            ROOT + "collection",
            ROOT + "rerank",
            ROOT + "search",
            ROOT + "storage",
            ROOT + "kernel",
            ROOT + "graph",
            ROOT + "filter",
            ROOT + "vector",
            ROOT + "system",
            ROOT + "error",
            "java..",
            "org.jspecify.annotations")
        .check(CLASSES);
  }

  @Test
  void mutinyStaysInTheTransport() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "grpc")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.smallrye.mutiny..")
        .check(CLASSES);
  }

  @Test
  void theClientOfTheClusterStaysInItsPackage() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "opensearch")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.opensearch..", "org.apache.hc..", "com.fasterxml.jackson..")
        .check(CLASSES);
  }

  @Test
  void onnxRuntimeStaysInItsPackage() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "onnx")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.onnxruntime..")
        .check(CLASSES);
    classes()
        .that()
        .resideInAPackage(ROOT + "onnx")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            ROOT + "onnx",
            ROOT + "kernel",
            "ai.onnxruntime..",
            "java..",
            "org.jspecify.annotations")
        .check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.likeness.index.(*)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void everyPackageIsNullMarked() {
    for (JavaPackage part : CLASSES.getPackage("dev.likeness.index").getSubpackages()) {
      if (part.getRelativeName().equals("v1")) {
        continue; // generated
      }
      assertThat(part.isAnnotatedWith(NullMarked.class)).as(part.getName()).isTrue();
    }
  }
}
