package dev.likeness.gateway.attribute;

/**
 * A column of a file of attributes.
 *
 * @param name name of the attribute
 * @param kind what its values are
 */
public record AttributeColumn(String name, AttributeKind kind) {}
