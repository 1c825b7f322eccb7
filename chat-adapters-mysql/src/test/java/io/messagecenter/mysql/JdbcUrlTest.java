package io.messagecenter.mysql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JdbcUrlTest {
    @Test
    void aMysqlUrlGetsWhatMakesBatchesFastAndTimesRight() {
        var url = JdbcUrl.of("jdbc:mysql://db.example/chat");

        assertThat(url.driverClass()).isEqualTo("com.mysql.cj.jdbc.Driver");
        assertThat(url.value())
                .isEqualTo("jdbc:mysql://db.example/chat?characterEncoding=UTF-8&connectionTimeZone=UTC"
                        + "&forceConnectionTimeZoneToSession=true&rewriteBatchedStatements=true"
                        + "&useServerPrepStmts=false&cachePrepStmts=true&prepStmtCacheSize=256"
                        + "&prepStmtCacheSqlLimit=4096&useLocalSessionState=true&cacheServerConfiguration=true"
                        + "&tcpKeepAlive=true&connectTimeout=5000&socketTimeout=60000");
    }

    @Test
    void aMariaDbUrlIsOneForTheMysqlDriver() {
        assertThat(JdbcUrl.of("jdbc:mariadb://db.example/chat")).isEqualTo(JdbcUrl.of("jdbc:mysql://db.example/chat"));
    }

    @Test
    void whatAUrlSaysItselfStaysAsItIs() {
        var url = JdbcUrl.of("jdbc:mysql://db.example/chat?socketTimeout=7&sslMode=VERIFY_IDENTITY");

        assertThat(url.value())
                .startsWith("jdbc:mysql://db.example/chat?socketTimeout=7&sslMode=VERIFY_IDENTITY&characterEncoding=")
                .containsOnlyOnce("socketTimeout");
    }

    @Test
    void anEmptyQueryIsFilled() {
        assertThat(JdbcUrl.of("jdbc:mysql://db.example/chat?").value())
                .isEqualTo(JdbcUrl.of("jdbc:mysql://db.example/chat").value());
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1:3307", "[::1]", "root:secret@localhost:3306"})
    void onTheLoopbackNothingIsEncrypted(String host) {
        assertThat(JdbcUrl.of("jdbc:mysql://" + host + "/chat").value())
                .contains("&sslMode=DISABLED&allowPublicKeyRetrieval=true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost.example", "127.0.0.1.example", "db,localhost", "example/localhost"})
    void elsewhereTheDriverDecidesAboutEncryption(String host) {
        assertThat(JdbcUrl.of("jdbc:mysql://" + host + "/chat").value()).doesNotContain("sslMode");
    }

    @Test
    void anH2UrlGetsWhatKeepsItsCommits() {
        var url = JdbcUrl.of("jdbc:h2:file:./data/chat;LOCK_TIMEOUT=1");

        assertThat(url.driverClass()).isEqualTo("org.h2.Driver");
        assertThat(url.value())
                .isEqualTo("jdbc:h2:file:./data/chat;LOCK_TIMEOUT=1;MODE=MySQL"
                        + ";CASE_INSENSITIVE_IDENTIFIERS=TRUE;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE"
                        + ";QUERY_CACHE_SIZE=64;OPTIMIZE_REUSE_RESULTS=0;TRACE_LEVEL_FILE=0");
    }

    @Test
    void anH2InMemoryOutlivesItsConnections() {
        assertThat(JdbcUrl.of("jdbc:h2:mem:chat").value()).endsWith(";DB_CLOSE_DELAY=-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"jdbc:h2:tcp://db.example/chat", "jdbc:h2:ssl://db.example/chat", "jdbc:h2:./x;AUTO_SERVER=TRUE"
            })
    void anH2ThatSeveralProcessesShareIsRefused(String url) {
        assertThatIllegalArgumentException().isThrownBy(() -> JdbcUrl.of(url)).withMessageContaining("one process");
    }

    @Test
    void aSettingWithWhichNoSecondStartSucceedsIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JdbcUrl.of("jdbc:h2:./x;DATABASE_TO_LOWER=TRUE"))
                .withMessageContaining("DATABASE_TO_LOWER");
    }

    @Test
    void anotherKindOfUrlIsRefusedByNamingTheKindsThereAreAndNotThePassword() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JdbcUrl.of("jdbc:postgresql://me:secret@db.example/chat"))
                .withMessageContaining("jdbc:mysql:, jdbc:mariadb: or jdbc:h2:")
                .withMessageNotContaining("secret");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:mysql://me:secret@db.example/chat",
                "jdbc:mysql://db.example/chat?user=me&password=secret",
                "jdbc:h2:./chat;USER=me;PASSWORD=secret"
            })
    void printingAUrlTellsNoPassword(String url) {
        assertThat(JdbcUrl.of(url)).asString().doesNotContain("secret").endsWith("chat");
    }
}
