package io.messagecenter.app.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.messagecenter.app.json.Fields;
import jakarta.ws.rs.BadRequestException;
import jakarta.ws.rs.ClientErrorException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.ext.MessageBodyReader;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;

/** Reads a request's fields, of a JSON object or a form alike, and refuses what is too large before it parses any. */
@Consumes({MediaType.APPLICATION_JSON, MediaType.APPLICATION_FORM_URLENCODED})
final class FieldsReader implements MessageBodyReader<Fields> {
    static final String TOO_LARGE = "The request is larger than " + Fields.LONGEST + " bytes.";

    private final ObjectMapper mapper;

    FieldsReader(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    @Override
    public boolean isReadable(Class<?> type, Type generic, Annotation[] annotations, MediaType mediaType) {
        return type == Fields.class;
    }

    @Override
    public Fields readFrom(
            Class<Fields> type,
            Type generic,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, String> headers,
            InputStream entity)
            throws IOException {
        var bytes = read(entity);
        try {
            return fields(mapper, mediaType.isCompatible(MediaType.APPLICATION_FORM_URLENCODED_TYPE), bytes);
        } catch (Fields.Malformed e) {
            throw new BadRequestException(e.getMessage(), e);
        }
    }

    /** The fields of a whole body. */
    static Fields fields(ObjectMapper mapper, boolean form, byte[] bytes) throws Fields.Malformed {
        if (bytes.length == 0) {
            return Fields.NONE;
        }
        return form ? Fields.ofForm(bytes) : Fields.ofJson(mapper, bytes);
    }

    /** A request that says how long it is has been measured before; this one may not have said it. */
    private static byte[] read(InputStream entity) throws IOException {
        var bytes = entity.readNBytes(Fields.LONGEST + 1);
        if (bytes.length > Fields.LONGEST) {
            throw new ClientErrorException(TOO_LARGE, Status.REQUEST_ENTITY_TOO_LARGE);
        }
        return bytes;
    }
}
