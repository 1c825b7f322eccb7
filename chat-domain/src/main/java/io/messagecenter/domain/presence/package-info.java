/** Who is connected right now. */
@NullMarked
package io.messagecenter.domain.presence;

import org.jspecify.annotations.NullMarked;
