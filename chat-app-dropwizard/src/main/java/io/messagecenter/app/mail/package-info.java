/** Where mail goes: to a mail server by SMTP, or to the log. */
@NullMarked
package io.messagecenter.app.mail;

import org.jspecify.annotations.NullMarked;
