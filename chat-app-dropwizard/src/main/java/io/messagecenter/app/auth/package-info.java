/** Who is asking: tokens from cookies and headers, and the hashing of passwords. */
@NullMarked
package io.messagecenter.app.auth;

import org.jspecify.annotations.NullMarked;
