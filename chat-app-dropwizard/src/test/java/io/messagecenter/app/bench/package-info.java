/**
 * The benchmark: a load generator that costs little itself, and the measurements behind {@code docs/benchmarks.md}.
 * It runs in a process of its own, beside the service and the database.
 */
@NullMarked
package io.messagecenter.app.bench;

import org.jspecify.annotations.NullMarked;
