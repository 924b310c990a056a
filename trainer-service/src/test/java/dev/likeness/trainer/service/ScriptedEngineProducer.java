package dev.likeness.trainer.service;

import dev.likeness.trainer.finetune.ScriptedEngine;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Puts a quick engine in the place of the library. */
@Singleton
public class ScriptedEngineProducer {

  @Produces
  @Singleton
  ScriptedEngine engine() {
    return new ScriptedEngine();
  }
}
