/** The page that people chat with, as the build has made it. */
@NullMarked
package io.messagecenter.app.page;

import org.jspecify.annotations.NullMarked;
