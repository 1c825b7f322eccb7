/**
 * The contract kit: what every adapter has to pass. An adapter extends each class in a test of its own and says how to
 * open a node. Nothing here assumes a server of its own: names are random, other data is left alone.
 */
@NullMarked
package io.messagecenter.domain.contract;

import org.jspecify.annotations.NullMarked;
