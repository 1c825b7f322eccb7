/** How long what was said, and word of it, is kept. */
@NullMarked
package io.messagecenter.domain.retention;

import org.jspecify.annotations.NullMarked;
