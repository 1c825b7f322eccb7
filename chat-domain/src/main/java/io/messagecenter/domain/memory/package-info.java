/** Adapters that keep everything in memory: real, public, and held to the same contract as the others. */
@NullMarked
package io.messagecenter.domain.memory;

import org.jspecify.annotations.NullMarked;
