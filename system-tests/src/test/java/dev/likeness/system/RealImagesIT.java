package dev.likeness.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The main job on real images with real encoders: the figures of the reference implementation. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealImagesIT {

  private static final double TOLERANCE = 0.003;

  @TempDir static Path folder;
  private LocalPlatform platform;

  @BeforeAll
  void start() {
    Acceptance.require("weights/mobilenetv2-torchvision/model.onnx");
    Acceptance.require("data/pacs/labels.json");
    platform = LocalPlatform.start(folder.resolve("home"), 3000);
    importEncoder("mobilenetv2", "weights/mobilenetv2-torchvision/model.onnx");
    importEncoder("resnet18-layer3", "weights/resnet18-layer3/model.onnx");
  }

  @AfterAll
  void stop() {
    if (platform != null) {
      platform.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "mobilenetv2,     caltech101-30, 0.927, 0.987, 0.993, 0.836, 951",
    "mobilenetv2,     pacs,          0.864, 0.986, 0.993, 0.721, 914",
    "resnet18-layer3, caltech101-30, 0.727, 0.927, 0.960, 0.502, 810",
  })
  void scoresAsTheReferenceDoes(
      String encoder,
      String data,
      double top1,
      double top5,
      double top10,
      double precisionAt10,
      double score) {
    JsonNode run = compete(encoder, data);
    assertThat(run.get("top_1").asDouble()).isCloseTo(top1, within(TOLERANCE));
    assertThat(run.get("top_5").asDouble()).isCloseTo(top5, within(TOLERANCE));
    assertThat(run.get("top_10").asDouble()).isCloseTo(top10, within(TOLERANCE));
    assertThat(run.get("precision_at_10").asDouble()).isCloseTo(precisionAt10, within(TOLERANCE));
    assertThat(run.get("score").asDouble()).isCloseTo(score, within(1000 * TOLERANCE));
  }

  @Test
  void goldenPairsOfRealEncodersHold() {
    for (String encoder : new String[] {"mobilenetv2", "resnet18-layer3"}) {
      JsonNode report = platform.run("encoders", "verify", encoder, "--json").succeeded().json();
      assertThat(report.get("passed").asBoolean()).isTrue();
    }
  }

  private JsonNode compete(String encoder, String data) {
    return platform
        .run(
            "compete",
            "--data",
            Acceptance.require("data/" + data).toString(),
            "--encoder",
            encoder,
            "--out",
            folder.resolve("out").toString(),
            "--json")
        .succeeded()
        .json();
  }

  private void importEncoder(String name, String file) {
    platform
        .run(
            ("encoders import "
                    + Acceptance.require(file)
                    + " --name "
                    + name
                    + " --resize 256 --size 224 --filter bilinear"
                    + " --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225")
                .split(" "))
        .succeeded();
  }
}
