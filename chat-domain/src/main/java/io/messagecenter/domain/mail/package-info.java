/** Mail to people's e-mail addresses. */
@NullMarked
package io.messagecenter.domain.mail;

import org.jspecify.annotations.NullMarked;
