/** Refusals and failures, as problem details (RFC 9457). */
@NullMarked
package io.messagecenter.app.problem;

import org.jspecify.annotations.NullMarked;
