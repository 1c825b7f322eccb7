/** Hands events over to receivers elsewhere, by HTTP. */
@NullMarked
package io.messagecenter.app.webhook;

import org.jspecify.annotations.NullMarked;
