package io.messagecenter.domain.webhook;

import io.messagecenter.domain.lease.LeaseName;
import java.util.regex.Pattern;

/** Identifies a webhook for ever, whatever else about it changes: 1 to 48 of a-z, 0-9, dashes and underscores. */
public record WebhookName(String value) {
    private static final Pattern ALLOWED = Pattern.compile("[a-z0-9_-]{1,48}");

    public WebhookName {
        if (!ALLOWED.matcher(value).matches()) {
            throw new IllegalArgumentException("No name for a webhook: " + value);
        }
    }

    /** What whoever delivers for it holds. */
    public LeaseName lease() {
        return new LeaseName("webhook:" + value);
    }

    @Override
    public String toString() {
        return value;
    }
}
