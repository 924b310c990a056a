package dev.likeness.index.grpc;

import dev.likeness.index.collection.CollectionDescription;
import dev.likeness.index.collection.Engine;
import dev.likeness.index.collection.EngineChoice;
import dev.likeness.index.error.InvalidRequestException;
import dev.likeness.index.v1.ChooseEngineRequest;
import dev.likeness.index.v1.Collection;

/** Engines from and to messages. */
final class EngineMessages {

  private EngineMessages() {}

  static EngineChoice choice(ChooseEngineRequest request) {
    Engine engine =
        switch (request.getEngine()) {
          case ENGINE_UNSPECIFIED, ENGINE_EXACT -> Engine.EXACT;
          case ENGINE_GRAPH -> Engine.GRAPH;
          case ENGINE_AUTO -> Engine.AUTO;
          case UNRECOGNIZED ->
              throw new InvalidRequestException("engine", "is none that this service knows");
        };
    double recall =
        request.hasTargetRecall() ? request.getTargetRecall() : EngineChoice.DEFAULT_RECALL;
    return new EngineChoice(engine, recall);
  }

  static void put(CollectionDescription.EngineUse use, Collection.Builder message) {
    message
        .setChosenEngine(
            switch (use.choice().engine()) {
              case EXACT -> dev.likeness.index.v1.Engine.ENGINE_EXACT;
              case GRAPH -> dev.likeness.index.v1.Engine.ENGINE_GRAPH;
              case AUTO -> dev.likeness.index.v1.Engine.ENGINE_AUTO;
            })
        .setTargetRecall(use.choice().targetRecall());
    use.byGraph()
        .ifPresent(
            byGraph ->
                message
                    .setMeasuredRecall(byGraph.recall())
                    .setGraphVectorCount(byGraph.rowCount()));
  }
}
