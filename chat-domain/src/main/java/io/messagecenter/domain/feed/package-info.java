/** Each user's numbered events, and how a socket follows them without a gap or a repeat. */
@NullMarked
package io.messagecenter.domain.feed;

import org.jspecify.annotations.NullMarked;
