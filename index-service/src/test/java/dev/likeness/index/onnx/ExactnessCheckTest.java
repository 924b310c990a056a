package dev.likeness.index.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.likeness.index.kernel.CodeProduct;
import dev.likeness.index.kernel.ScalarProduct;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class ExactnessCheckTest {

  @Test
  void passesAnExactProduct() {
    assertThat(ExactnessCheck.passes(new ScalarProduct())).isTrue();
  }

  @Test
  void findsAProductThatIsWrongByOneInOneSum() {
    assertThat(ExactnessCheck.passes(new OffByOne())).isFalse();
  }

  private static final class OffByOne implements CodeProduct {
    private final CodeProduct right = new ScalarProduct();

    @Override
    public String name() {
      return "off by one";
    }

    @Override
    public Panel panel(MemorySegment codes, int stride, int lanes) {
      return right.panel(codes, stride, lanes);
    }

    @Override
    public Workspace workspace(int rows, int stride, int lanes) {
      Workspace workspace = right.workspace(rows, stride, lanes);
      return new Workspace() {
        @Override
        public MemorySegment rows() {
          return workspace.rows();
        }

        @Override
        public MemorySegment sums() {
          return workspace.sums();
        }

        @Override
        public void multiply(Panel panel, int rowCount) {
          workspace.multiply(panel, rowCount);
          int sum = sums().getAtIndex(ValueLayout.JAVA_INT, 0);
          sums().setAtIndex(ValueLayout.JAVA_INT, 0, sum - 1);
        }

        @Override
        public void close() {
          workspace.close();
        }
      };
    }
  }
}
