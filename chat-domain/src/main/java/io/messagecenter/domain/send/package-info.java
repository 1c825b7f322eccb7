/** Sending a message, from the rules to the acknowledgement. */
@NullMarked
package io.messagecenter.domain.send;

import org.jspecify.annotations.NullMarked;
