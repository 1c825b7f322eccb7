/** What the YAML says, and how adapters plug into it. */
@NullMarked
package io.messagecenter.app.config;

import org.jspecify.annotations.NullMarked;
