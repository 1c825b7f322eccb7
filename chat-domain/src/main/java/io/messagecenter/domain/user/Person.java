package io.messagecenter.domain.user;

/** A user as others know them. The pair never changes: a user cannot be renamed, and a name is never given away. */
public record Person(UserId id, Username name) {
    @Override
    public String toString() {
        return name.value();
    }
}
