package io.messagecenter.app;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropwizard.core.Configuration;
import io.messagecenter.app.config.ChatConfiguration;
import jakarta.validation.Valid;
import java.io.IOException;
import java.util.stream.Collectors;

/** The service's YAML: Dropwizard's own keys, and the message center's beside them. */
@JsonDeserialize(using = MessageCenterConfiguration.Reader.class)
public class MessageCenterConfiguration extends Configuration {
    @Valid private ChatConfiguration chat = new ChatConfiguration();

    public ChatConfiguration chat() {
        return chat;
    }

    /** The keys that are Dropwizard's. */
    @JsonDeserialize(using = JsonDeserializer.None.class)
    private static final class DropwizardKeys extends MessageCenterConfiguration {}

    /**
     * Sorts the keys: what Dropwizard knows is for Dropwizard, everything else for the message center, which refuses what
     * it does not know. Jackson's own unwrapping would take a misspelt key without a word.
     */
    static final class Reader extends JsonDeserializer<MessageCenterConfiguration> {
        @Override
        public MessageCenterConfiguration deserialize(JsonParser parser, DeserializationContext context)
                throws IOException {
            BeanDescription dropwizard = context.getConfig().introspect(context.constructType(DropwizardKeys.class));
            var known = dropwizard.findProperties().stream()
                    .map(BeanPropertyDefinition::getName)
                    .collect(Collectors.toSet());
            ObjectNode all = parser.readValueAsTree();
            var others = all.deepCopy();
            all.retain(known);
            others.remove(known);
            MessageCenterConfiguration result = context.readTreeAsValue(all, DropwizardKeys.class);
            result.chat = context.readTreeAsValue(others, ChatConfiguration.class);
            return result;
        }
    }
}
