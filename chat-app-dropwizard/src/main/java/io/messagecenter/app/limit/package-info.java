/**
 * How much of something may be done in a time, by whom: token buckets that know nothing of chat, and what they are used
 * for. Refusals are {@code TOO_MANY_REQUESTS}.
 */
@NullMarked
package io.messagecenter.app.limit;

import org.jspecify.annotations.NullMarked;
