package dev.likeness.encoders.pull;

import java.nio.file.Path;

/**
 * A complete file in the cache.
 *
 * @param path of the file
 * @param name as published
 * @param source address it came from, without secrets
 * @param sha256 of its content, hexadecimal
 * @param checked whether that was compared with what the publisher states
 * @param fromCache whether nothing had to be fetched
 */
public record DownloadedFile(
    Path path, String name, String source, String sha256, boolean checked, boolean fromCache) {}
