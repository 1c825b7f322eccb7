/** Tells somebody else what happens, at least once: feeds are handed over in their order, by one node at a time. */
@NullMarked
package io.messagecenter.domain.webhook;

import org.jspecify.annotations.NullMarked;
