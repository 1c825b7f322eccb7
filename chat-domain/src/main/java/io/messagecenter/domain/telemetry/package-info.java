/** What the message center tells about its own work. */
@NullMarked
package io.messagecenter.domain.telemetry;

import org.jspecify.annotations.NullMarked;
