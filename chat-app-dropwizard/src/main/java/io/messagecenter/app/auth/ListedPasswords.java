package io.messagecenter.app.auth;

import com.nulabinc.zxcvbn.StandardDictionaries;
import io.messagecenter.domain.user.CommonPasswords;
import io.messagecenter.domain.user.Password;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The 30,000 passwords that leaked most often, as zxcvbn lists them; in capitals they are as common. Thread-safe. */
public final class ListedPasswords implements CommonPasswords {
    private final Set<String> listed;

    private ListedPasswords(Set<String> listed) {
        this.listed = listed;
    }

    /** Reads the list, of which those are kept that are long enough to be chosen: a megabyte. */
    public static ListedPasswords load() {
        try {
            return new ListedPasswords(StandardDictionaries.PASSWORDS_LOADER.load().getFrequencies().stream()
                    .filter(password -> password.length() >= Password.MIN_LENGTH)
                    .collect(Collectors.toUnmodifiableSet()));
        } catch (IOException e) {
            throw new UncheckedIOException("The list of common passwords cannot be read", e);
        }
    }

    @Override
    public boolean contains(Password password) {
        return listed.contains(password.value().toLowerCase(Locale.ROOT));
    }
}
