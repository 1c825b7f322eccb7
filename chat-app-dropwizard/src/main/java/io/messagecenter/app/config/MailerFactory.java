package io.messagecenter.app.config;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.dropwizard.jackson.Discoverable;
import io.messagecenter.domain.mail.Mailer;

/**
 * Where mail goes, chosen by its {@code type} in YAML. A jar adds its own by naming the class in
 * {@code META-INF/services/io.messagecenter.app.config.MailerFactory} and annotating it with {@code @JsonTypeName}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public interface MailerFactory extends Discoverable {
    /** Builds it. Must not fail because what it connects to is away. */
    Mailer build();
}
