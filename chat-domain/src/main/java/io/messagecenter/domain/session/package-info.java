/** Who is signed in, and for how long. */
@NullMarked
package io.messagecenter.domain.session;

import org.jspecify.annotations.NullMarked;
