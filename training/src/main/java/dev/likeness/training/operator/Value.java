package dev.likeness.training.operator;

/** What flows along an edge of the graph. */
public sealed interface Value permits DeviceValue, HostLongs {}
