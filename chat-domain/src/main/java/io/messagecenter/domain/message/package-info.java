/** What is said: messages, their identity, and the store that appends and finds them. */
@NullMarked
package io.messagecenter.domain.message;

import org.jspecify.annotations.NullMarked;
