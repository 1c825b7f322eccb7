package io.messagecenter.app.file;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Reads what the jar brings along. */
public final class ClassPath {
    private ClassPath() {}

    /**
     * A file that belongs to every jar.
     *
     * @param beside the class in whose package it is, unless its path begins with a slash
     */
    public static byte[] read(Class<?> beside, String path) {
        return find(beside, path)
                .orElseThrow(() -> new UncheckedIOException("The jar is not whole", new FileNotFoundException(path)));
    }

    /** A file that a build may have left out. */
    public static Optional<byte[]> find(Class<?> beside, String path) {
        try (var in = beside.getResourceAsStream(path)) {
            return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException("The jar is not whole", e);
        }
    }
}
