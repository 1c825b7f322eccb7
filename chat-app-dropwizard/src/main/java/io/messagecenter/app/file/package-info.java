/** Files out of the class path, as HTTP serves them: kept, compared and compressed. */
@NullMarked
package io.messagecenter.app.file;

import org.jspecify.annotations.NullMarked;
