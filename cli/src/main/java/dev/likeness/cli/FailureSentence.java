package dev.likeness.cli;

import dev.likeness.cli.output.CommandFailure;
import dev.likeness.cli.platform.RpcFailure;
import dev.likeness.evaluation.dataset.DatasetException;
import dev.likeness.evaluation.submission.SubmissionException;
import dev.likeness.evaluation.truth.TruthException;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** One sentence for every exception, without names of classes. */
final class FailureSentence {
  private FailureSentence() {}

  static CommandFailure of(Exception exception) {
    return switch (exception) {
      case CommandFailure failure -> failure;
      case StatusRuntimeException refused -> RpcFailure.of(refused);
      case DatasetException e -> explained(e.reason(), e);
      case SubmissionException e -> explained(e.reason(), e);
      case TruthException e -> explained(e.reason(), e);
      case UncheckedIOException e when e.getCause() != null -> of(e.getCause());
      case AccessDeniedException e ->
          CommandFailure.failed(
              "FILE_ERROR", "'%s' must not be read or written; allow it".formatted(e.getFile()), e);
      case NoSuchFileException e ->
          CommandFailure.failed("FILE_ERROR", "'%s' is gone".formatted(e.getFile()), e);
      case IOException e -> CommandFailure.failed("FILE_ERROR", "a file: " + e.getMessage(), e);
      default ->
          CommandFailure.failed(
              "INTERNAL",
              "this should not have happened (%s); please report it with what --debug shows"
                  .formatted(exception.getMessage()),
              exception);
    };
  }

  private static CommandFailure explained(String reason, Exception exception) {
    return CommandFailure.failed(reason, String.valueOf(exception.getMessage()), exception);
  }
}
