/** Refusals and outages: one exception, a closed set of codes. */
@NullMarked
package io.messagecenter.domain.error;

import org.jspecify.annotations.NullMarked;
