package io.messagecenter.app.json;

import com.fasterxml.jackson.core.JsonFactory;
import io.messagecenter.domain.message.Message;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Writes messages as JSON. A message goes out several times within a moment, to both sides and to whoever sent it, so the
 * latest are remembered. Thread-safe.
 */
public final class MessageWriter {
    /** A power of two, and some batches long. */
    private static final int REMEMBERED = 2_048;

    private final JsonFactory factory = new JsonFactory();
    private final AtomicReferenceArray<Written> latest = new AtomicReferenceArray<>(REMEMBERED);

    private record Written(Message message, String json) {}

    public String json(Message message) {
        int place = (int) (message.id().value() & (REMEMBERED - 1));
        var written = latest.get(place);
        if (written != null && written.message().equals(message)) {
            return written.json();
        }
        var out = new StringWriter(256);
        try (var json = factory.createGenerator(out)) {
            ChatJson.write(message, json);
        } catch (IOException e) {
            throw new UncheckedIOException("A string takes every write", e);
        }
        latest.set(place, new Written(message, out.toString()));
        return out.toString();
    }
}
