package io.messagecenter.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.app.ChatBundle;
import io.messagecenter.app.MessageCenterApplication;
import io.messagecenter.app.MessageCenterConfiguration;
import io.messagecenter.app.auth.Argon2PasswordHasher;
import io.messagecenter.app.support.CommandLine;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.People;
import io.messagecenter.app.support.Service;
import io.messagecenter.mysql.TestDatabase;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class CreateUserTest {
    private static final TestDatabase DATABASE = new TestDatabase("jdbc:h2:mem:create-user", "sa", "");

    private static CommandLine.Result createUser(String input, String... arguments) {
        return createUser(new MessageCenterApplication(), input, arguments);
    }

    private static CommandLine.Result createUser(
            MessageCenterApplication application, String input, String... arguments) {
        var all = new String[arguments.length + 2];
        all[0] = "create-user";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        all[all.length - 1] = Service.file(Service.configuration(DATABASE)).toString();
        var in = System.in;
        System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
        try {
            return CommandLine.run(application, all);
        } finally {
            System.setIn(in);
        }
    }

    @Test
    void aUserWhoIsCreatedSignsInWithThePasswordOfTheFirstLine() {
        assertThat(createUser("geheim \ud83d\udc4b geheim\r\nanother line\n", "Ada")
                        .failed())
                .isFalse();
        try (var service = Service.on(DATABASE)) {
            var credentials = Json.object().put("username", "ada").put("password", "geheim \ud83d\udc4b geheim");
            service.api().post("/api/v1/session/", credentials.toString()).expect(201);
            credentials.put("password", "another line");
            service.api().post("/api/v1/session/", credentials.toString()).expect(401);
        }
    }

    @Test
    void aServiceWithAHasherOfItsOwnHashesByItHereToo() throws SQLException {
        var application = new MessageCenterApplication(new ChatBundle<>(MessageCenterConfiguration::chat)
                .passwordHasher(new Argon2PasswordHasher(new Argon2PasswordHasher.Cost(64, 3, 1))));
        assertThat(createUser(application, "correct horse\n", "own-hasher").failed())
                .isFalse();
        try (var connection = DATABASE.pool(1).getConnection();
                var rows = connection
                        .createStatement()
                        .executeQuery("SELECT password_hash FROM chat_user WHERE username = 'own-hasher'")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).startsWith("$argon2id$v=19$m=64,t=3,p=1$");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a b,correct horse,username: Enter a valid username",
        "'',correct horse,username: Enter a valid username",
        "new,seven77,password: Use at least 8 characters.",
        "new,'',password: Use at least 8 characters.",
        "new,Password1,password: This password is too common.",
    })
    void whatIsWrongIsSaidInALine(String name, String password, String reason) {
        var result = createUser(password + "\n", name);
        assertThat(result.failed()).isTrue();
        assertThat(result.output().lines()).hasSize(1);
        assertThat(result.output()).contains(reason);
    }

    @Test
    void aNameThatIsTakenAndAMissingPasswordAreRefused() {
        assertThat(createUser("correct horse\n", "taken").failed()).isFalse();
        var again = createUser("correct horse\n", "TAKEN");
        assertThat(again.failed()).isTrue();
        assertThat(again.output().strip()).isEqualTo("A user with the name TAKEN already exists.");
        var silent = createUser("", "silent");
        assertThat(silent.failed()).isTrue();
        assertThat(silent.output().strip()).isEqualTo("No password came on standard input.");
        try (var people = new People(DATABASE)) {
            assertThat(people.person("taken").name().value()).isEqualTo("taken");
        }
    }

    @Test
    void anUnknownCommandListsThoseThatThereAre() {
        var result = CommandLine.run("sever");
        assertThat(result.failed()).isTrue();
        assertThat(result.output()).contains("sever", "server", "check", "db", "create-user");
    }
}
