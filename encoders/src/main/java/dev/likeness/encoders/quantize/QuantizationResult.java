package dev.likeness.encoders.quantize;

import dev.likeness.encoders.store.ModelPackage;

/**
 * A published integer encoder.
 *
 * @param model its package
 * @param fidelity how close it is to its source
 */
public record QuantizationResult(ModelPackage model, Fidelity fidelity) {}
