package dev.likeness.training.operator;

import org.bytedeco.pytorch.Tensor;

/** A tensor where the network runs; freed with its scope or after its last use. */
public record DeviceValue(Tensor tensor) implements Value {}
