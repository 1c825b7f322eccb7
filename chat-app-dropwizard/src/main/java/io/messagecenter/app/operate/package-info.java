/** Health, metrics, and an orderly stop. */
@NullMarked
package io.messagecenter.app.operate;

import org.jspecify.annotations.NullMarked;
