package io.messagecenter.mysql;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows as one statement whose numbers and moments are part of its text; strings are parameters, as ever. Connector/J
 * spends more on a parameter than all else here spends on a row: this halves what a message costs. It becomes several
 * statements only when it grows too large for one packet.
 */
final class LiteralRows implements Rows {
    /** In characters. Each is at most 3 bytes, twice that if all have to be escaped: well within 16 MiB, the least. */
    private static final int FULL = 1 << 20;

    private final Connection connection;
    private final String into;
    private final String after;
    private final StringBuilder sql = new StringBuilder(1 << 12);
    private final List<@Nullable String> strings = new ArrayList<>();
    private int stringLength;
    private boolean inRow;
    private boolean empty = true;
    private @Nullable Instant lastMoment;
    private String lastLiteral = "";

    /** Sends {@code into VALUES (…), (…) after}. */
    LiteralRows(Connection connection, String into, String after) {
        this.connection = connection;
        this.into = into;
        this.after = after;
    }

    @Override
    public Rows add(long value) {
        next().append(value);
        return this;
    }

    @Override
    public Rows add(Instant value) {
        if (!value.equals(lastMoment)) { // most of a batch was sent in one moment
            lastMoment = value;
            lastLiteral = literal(Database.utc(value));
        }
        next().append(lastLiteral);
        return this;
    }

    @Override
    public Rows add(@Nullable String value) {
        next().append('?');
        strings.add(value);
        stringLength += value == null ? 0 : value.length();
        return this;
    }

    @Override
    public Rows add(byte[] value) {
        next().append("x'").append(HexFormat.of().formatHex(value)).append('\'');
        return this;
    }

    @Override
    public Rows addOrNull(@Nullable Long value) {
        next().append(value == null ? "NULL" : value.toString());
        return this;
    }

    private StringBuilder next() {
        if (inRow) {
            return sql.append(',');
        }
        inRow = true;
        if (empty) {
            empty = false;
            return sql.append(into).append(" VALUES (");
        }
        return sql.append(",(");
    }

    @Override
    public void endRow() throws SQLException {
        sql.append(')');
        inRow = false;
        if (sql.length() + stringLength > FULL) {
            execute();
        }
    }

    @Override
    public void execute() throws SQLException {
        if (empty) {
            return;
        }
        var text = sql.append(after).toString();
        if (strings.isEmpty()) {
            try (var statement = connection.createStatement()) {
                statement.executeUpdate(text);
            }
        } else {
            try (var statement = connection.prepareStatement(text)) {
                for (int i = 0; i < strings.size(); i++) {
                    statement.setString(i + 1, strings.get(i));
                }
                statement.executeUpdate();
            }
        }
        sql.setLength(0);
        strings.clear();
        stringLength = 0;
        empty = true;
    }

    @Override
    public void close() {
        // Every statement was closed as soon as it was sent.
    }

    /** {@code '2026-11-22 07:45:26.450886'}. */
    private static String literal(LocalDateTime moment) {
        var text = new StringBuilder(28).append('\'');
        digits(text, moment.getYear(), 1_000).append('-');
        digits(text, moment.getMonthValue(), 10).append('-');
        digits(text, moment.getDayOfMonth(), 10).append(' ');
        digits(text, moment.getHour(), 10).append(':');
        digits(text, moment.getMinute(), 10).append(':');
        digits(text, moment.getSecond(), 10).append('.');
        return digits(text, moment.getNano() / 1_000, 100_000).append('\'').toString();
    }

    private static StringBuilder digits(StringBuilder text, int value, int first) {
        for (int unit = first; unit > 0; unit /= 10) {
            text.append((char) ('0' + value / unit % 10));
        }
        return text;
    }
}
