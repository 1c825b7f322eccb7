/** Commands of the jar. */
@NullMarked
package io.messagecenter.app.command;

import org.jspecify.annotations.NullMarked;
