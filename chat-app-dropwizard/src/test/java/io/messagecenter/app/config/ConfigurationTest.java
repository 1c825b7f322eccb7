package io.messagecenter.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.io.Resources;
import io.messagecenter.app.support.CommandLine;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.Service;
import io.messagecenter.domain.feed.EventType;
import io.messagecenter.mysql.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong in a YAML file stops the start, with a message that names it. */
@Timeout(60)
class ConfigurationTest {
    private static final TestDatabase DATABASE = new TestDatabase("jdbc:h2:mem:configuration", "sa", "");

    private static CommandLine.Result run(String command, Consumer<ObjectNode> changes) {
        var configuration = Service.configuration(DATABASE);
        changes.accept(configuration);
        return CommandLine.run(command, Service.file(configuration).toString());
    }

    private static String failure(Consumer<ObjectNode> changes) {
        var result = run("check", changes);
        assertThat(result.failed()).as(result.output()).isTrue();
        assertThat(result.output()).doesNotContain("\tat ");
        return result.output();
    }

    @Test
    void aRightConfigurationPasses() {
        assertThat(run("check", configuration -> {})).isEqualTo(new CommandLine.Result(false, ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"config/local.yml", "config/mysql-redis.yml"})
    void theConfigurationsThatTheJarBringsAlongPass(String file) {
        assertThat(CommandLine.run("check", file)).isEqualTo(new CommandLine.Result(false, ""));
    }

    private static final List<String> FILES = List.of("local.yml", "mysql-redis.yml", "https.yml");

    /** Without its comments. */
    private static String yaml(String file) {
        try {
            return Resources.toString(Resources.getResource("config/" + file), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.strip().startsWith("#"))
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Set<String> names(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(result -> result.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Otherwise somebody sets a variable, and nothing comes of it. */
    @Test
    void everyVariableThatTheReadmeNamesReachesEveryFileThatItDoesNotExcept() throws IOException {
        var readme = Files.readString(Path.of("..", "README.md"));
        var table =
                readme.substring(readme.indexOf("| variable | default |"), readme.indexOf("| key | default | what |"));
        var expected = new TreeMap<String, Set<String>>();
        FILES.forEach(file -> expected.put(file, new TreeSet<>()));
        for (var row : table.lines().filter(line -> line.startsWith("| `CHAT_")).toList()) {
            var only = Pattern.compile("\\(([^()]*) alone\\)").matcher(row);
            var files = only.find() ? names(Pattern.compile("`([a-z-]+\\.yml)`"), only.group(1)) : Set.copyOf(FILES);
            assertThat(FILES).containsAll(files);
            for (var file : files) {
                expected.get(file).addAll(names(Pattern.compile("`(CHAT_[A-Z_]+)`"), row.split("\\|")[1]));
            }
        }
        assertThat(expected.get("local.yml")).contains("CHAT_PORT", "CHAT_ADMIN_PORT", "CHAT_MAIL_PASSWORD");
        for (var file : FILES) {
            assertThat(names(Pattern.compile("\\$\\{(CHAT_[A-Z_]+):-"), yaml(file)))
                    .as(file)
                    .isEqualTo(expected.get(file));
        }
    }

    @Test
    void theLogIsAsQuietInEveryFile() {
        var loggers = FILES.stream()
                .map(ConfigurationTest::yaml)
                .map(yaml ->
                        yaml.substring(yaml.indexOf("  loggers:"), yaml.indexOf("  appenders:\n    - type: console")))
                .collect(Collectors.toSet());
        assertThat(loggers).hasSize(1).allMatch(one -> one.lines().count() > 5);
    }

    @Test
    void theOneWithTlsSaysThatItNeedsTheKeysPassword() {
        var result = CommandLine.run("check", "config/https.yml");
        assertThat(result.failed()).isTrue();
        assertThat(result.output()).contains("keyStorePassword").doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource({
        "'',messageToLoad",
        "'',Storage",
        "'',max_body",
        "'',signup",
        "/groupCommit,bacth",
        "/webSocket,pings",
        "/limits,signIn",
        "/retention,message",
        "/storage,migrat",
        "/storage/database,pasword",
        "/notifier,prefx",
        "/server,shutdownGracePeroid",
        "/server/applicationConnectors/0,bindhost",
        "/logging,lvl"
    })
    void aMisspeltKeyIsNamed(String parent, String key) {
        var message = failure(configuration -> {
            configuration.withObject("/groupCommit");
            configuration.withObject("/webSocket");
            configuration.withObject("/limits");
            configuration.withObject("/retention");
            ((ObjectNode) configuration.at(parent)).put(key, "1");
        });
        assertThat(message).contains(key);
        // By its whole path, so that it is found, too.
        assertThat(message).contains(path(parent) + key);
    }

    private static String path(String pointer) {
        var path = pointer.replaceFirst("^/", "").replaceAll("/(\\d+)", "/[$1]").replace("/", ".");
        return path.isEmpty() ? "" : path + ".";
    }

    @Test
    void aMisspeltKeyStopsTheServerToo() {
        var result = run("server", configuration -> configuration.put("messageToLoad", 15));
        assertThat(result.failed()).isTrue();
        assertThat(result.output()).contains("messageToLoad").doesNotContain("\tat ");
    }

    @Test
    void aMisspeltTypeOfStorageListsThoseThatThereAre() {
        var message =
                failure(configuration -> configuration.putObject("storage").put("type", "mysq"));
        assertThat(message).contains("storage", "mysq", "in-memory", "mysql", "third-party");
    }

    @Test
    void aMisspeltTypeOfNotifierListsThoseThatThereAre() {
        var message =
                failure(configuration -> configuration.putObject("notifier").put("type", "reddis"));
        assertThat(message).contains("notifier", "reddis", "in-memory", "redis");
    }

    @ParameterizedTest
    @CsvSource({
        "'{}',one of jwksUrl",
        "'{\"jwksFile\": \"keys\", \"secret\": \"0123456789abcdef0123456789abcdef\"}',one of jwksUrl",
        "'{\"secret\": \"0123456789abcdef0123456789abcde\"}',32 bytes",
        "'{\"jwksUrl\": \"http://keys.example/jwks\"}',https",
        "'{\"jwksUrl\": \"file:///etc/passwd\"}',https",
        "'{\"jwksFile\": \"keys\", \"issuer\": \"\"}',issuer",
        "'{\"jwksFile\": \"keys\", \"audience\": \"\"}',audience",
        "'{\"jwksFile\": \"keys\", \"usernameClaim\": \"\"}',usernameClaim",
        "'{\"jwksFile\": \"keys\", \"leeway\": 5}',leeway",
    })
    void whatIsWrongWithTokensIsNamed(String auth, String reason) {
        var message = failure(configuration -> {
            var jwt = configuration.putObject("auth").put("type", "jwt").put("issuer", "i");
            jwt.put("audience", "a").setAll((ObjectNode) Json.parse(auth));
        });
        assertThat(message).contains(reason).doesNotContain("0123456789abcdef");
    }

    @ParameterizedTest
    @CsvSource({
        "name,'\"\"',name",
        "name,'\"Push\"',name",
        "url,'\"\"',url",
        "url,'\"ftp://host.example/\"',url",
        "url,'\"host.example\"',url",
        "url,'\"https:///hook\"',url",
        "url,'\"https://user:word@host.example/hook\"',url",
        "url,'\"https://host.example/hook#here\"',url",
        "secret,'\"abcdefghijklmnopqrstuvwxyz01234\"',32 characters",
        "secret,null,secret",
        "events,'[\"message.send\"]',message.sent",
        "events,'[]',events",
        "batch,0,batch",
        "batch,1001,batch",
        "timeout,'\"1ms\"',timeout",
        "timeout,'\"6m\"',timeout",
        "firstRetry,'\"6m\"',longestRetry",
        "longestRetry,'\"2d\"',longestRetry",
        "sweep,'\"1ms\"',sweep",
        "lease,'\"1ms\"',lease",
        "secrets,'\"x\"',secrets"
    })
    void whatIsWrongWithAWebhookIsNamedAndItsSecretIsNot(String key, String json, String reason) {
        var message = failure(configuration -> webhook(configuration, "push").set(key, Json.parse(json)));
        assertThat(message).contains("webhooks", reason).doesNotContain("abcdefghijklmnopqrstuvwxyz", "user:word");
    }

    @Test
    void aMisspeltTypeOfEventListsThoseThatThereAre() {
        var message = failure(configuration ->
                webhook(configuration, "push").putArray("events").add("message.send"));
        assertThat(message)
                .contains(Arrays.stream(EventType.values())
                        .map(EventType::toString)
                        .toList());
    }

    @Test
    void webhooksAreConfiguredAndTwoOfOneNameAreRefused() {
        assertThat(run("check", configuration -> {
                    webhook(configuration, "push");
                    webhook(configuration, "bot")
                            .putArray("events")
                            .add("message.sent")
                            .add("user.blocked");
                }))
                .isEqualTo(new CommandLine.Result(false, ""));
        assertThat(failure(configuration -> {
                    webhook(configuration, "push");
                    webhook(configuration, "push");
                }))
                .contains("webhooks", "name")
                .doesNotContain("abcdefghijklmnopqrstuvwxyz");
        assertThat(failure(configuration -> configuration.putArray("webhooks").addNull()))
                .contains("webhooks");
        assertThat(failure(configuration -> configuration.putNull("webhooks"))).contains("webhooks");
    }

    private static ObjectNode webhook(ObjectNode configuration, String name) {
        return configuration
                .withArray("webhooks")
                .addObject()
                .put("name", name)
                .put("url", "https://host.example/hook")
                .put("secret", "abcdefghijklmnopqrstuvwxyz0123456789");
    }

    @Test
    void aMissingTypeIsNamed() {
        assertThat(failure(configuration -> configuration.putObject("storage"))).contains("storage", "type");
        assertThat(failure(configuration -> configuration.putObject("notifier")))
                .contains("notifier", "type");
    }

    @ParameterizedTest
    @CsvSource({
        "messagesToLoad,0",
        "messagesToLoad,101",
        "messagesToLoad,'\"many\"'",
        "maxBody,0",
        "maxBody,16001",
        "signUp,'\"perhaps\"'",
        "sessions,'{\"idle\": \"0 seconds\"}'",
        "sessions,'{\"absolute\": \"a while\"}'",
        "sessions,'{\"idle\": \"2 days\", \"absolute\": \"1 day\"}'",
        "sessions,'{\"most\": 0}'",
        "sessions,'null'",
        "heartbeat,'\"99 milliseconds\"'",
        "heartbeat,'\"10 parsecs\"'",
        "hashesAtOnce,0",
        "passwordHash,null",
        "passwordHash,'{\"memory\": \"6MiB\"}'",
        "passwordHash,'{\"memory\": \"2GiB\"}'",
        "passwordHash,'{\"passes\": 0}'",
        "passwordHash,'{\"passes\": 1}'",
        "passwordHash,'{\"lanes\": 0}'",
        "passwordHash,'{\"memory\": \"7MiB\", \"passes\": 4}'",
        "passwordResetPage,'\"chat.example\"'",
        "passwordResetPage,'\"https://chat.example/#reset\"'",
        "passwordResetPage,'\"javascript:alert(1)\"'",
        "passwordResetPage,null",
        "mail,null",
        "mail,'{\"type\": \"sendmail\"}'",
        "mail,'{\"type\": \"smtp\"}'",
        "mail,'{\"type\": \"smtp\", \"host\": \"h\"}'",
        "mail,'{\"type\": \"smtp\", \"host\": \"h\", \"from\": \"a@b.c\", \"port\": 0}'",
        "mail,'{\"type\": \"smtp\", \"host\": \"h\", \"from\": \"a@b.c\", \"encryption\": \"some\"}'",
        "mail,'{\"type\": \"smtp\", \"host\": \"h\", \"from\": \"a@b.c\", \"timeout\": \"1 ms\"}'",
        "mail,'{\"type\": \"smtp\", \"host\": \"h\", \"from\": \"a@b.c\", \"user\": \"u\", \"encryption\": \"none\"}'",
        "mail,'{\"type\": \"smtp\", \"host\": \"h\", \"from\": \"a@b.c\", \"starttls\": true}'",
        "groupCommit,'{\"batch\": 0}'",
        "groupCommit,'{\"queue\": 0}'",
        "groupCommit,null",
        "retention,null",
        "retention,'{\"feed\": null}'",
        "retention,'{\"feed\": \"0 days\"}'",
        "retention,'{\"feed\": \"for ever\"}'",
        "retention,'{\"messages\": \"0 days\"}'",
        "webSocket,'{\"ping\": \"0 seconds\"}'",
        "webSocket,'{\"slowReader\": \"1 day or so\"}'",
        "webSocket,'{\"allowedOrigins\": 5}'",
        "webSocket,'{\"allowedOrigins\": null}'",
        "trustedProxies,null",
        "trustedProxies,'\"127.0.0.1\"'",
        "trustedProxies,'[\"localhost\"]'",
        "trustedProxies,'[\"10.0.0.0/33\"]'",
        "trustedProxies,'[\"10.0.0.1/8\"]'",
        "trustedProxies,'[\"10.0.0\"]'",
        "trustedProxies,'[\"300.0.0.1\"]'",
        "forwardedHeader,'\"X-Real-IP\"'",
        "limits,null",
        "limits,'{\"signInByAddress\": null}'",
        "limits,'{\"signUpByAddress\": {\"count\": 0, \"period\": \"1h\"}}'",
        "limits,'{\"signUpByAddress\": {\"count\": 1}}'",
        "limits,'{\"signUpByAddress\": {\"count\": 1, \"period\": null}}'",
        "limits,'{\"signUpByAddress\": {\"period\": \"1h\"}}'",
        "limits,'{\"signUpByAddress\": {\"count\": 1, \"period\": \"0s\"}}'",
        "limits,'{\"messagesByUser\": {\"count\": 1, \"period\": \"1s\", \"burst\": 0}}'",
        "limits,'{\"socketsByUser\": 0}'",
        "storage,null",
        "storage,'[]'",
        "storage,'{\"type\": \"mysql\", \"database\": null}'",
        "storage,'{\"type\": \"mysql\", \"database\": {}}'",
        "notifier,null",
        "notifier,'{\"type\": \"redis\", \"url\": \"\"}'",
        "notifier,'{\"type\": \"redis\", \"prefix\": \"\"}'"
    })
    void aValueThatCannotBeIsNamed(String key, String json) {
        assertThat(failure(configuration -> configuration.set(key, Json.parse(json))))
                .contains(key);
    }

    /** And not as that of an object that no file has. */
    @ParameterizedTest
    @CsvSource({
        "messagesToLoad,0,messagesToLoad must be",
        "mail,'{\"type\": \"smtp\", \"host\": \"h\"}',mail.from must not be",
        "sessions,'{\"most\": 0}',sessions.most must be"
    })
    void aKeyIsNamedAsItStandsInTheFile(String key, String json, String message) {
        assertThat(failure(configuration -> configuration.set(key, Json.parse(json))))
                .contains(message)
                .doesNotContain("chat.");
    }

    @Test
    void aSenderThatIsNoAddressStopsTheStart() {
        assertCannotStart(mail -> mail.put("from", "nobody"), "mail.from", "nobody");
    }

    @Test
    void certificatesThatAreNotThereStopTheStart() {
        assertCannotStart(mail -> mail.put("certificates", "no/such.pem"), "no/such.pem");
        var empty = Service.file(Json.object()).toString();
        assertCannotStart(mail -> mail.put("certificates", empty), empty);
    }

    private static void assertCannotStart(Consumer<ObjectNode> changes, String... words) {
        var result = run(
                "server",
                configuration -> changes.accept(configuration
                        .putObject("mail")
                        .put("type", "smtp")
                        .put("host", "mail.example")
                        .put("from", "chat@example.org")));
        assertThat(result.failed()).isTrue();
        assertThat(result.output()).contains(words).doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"check", "server"})
    void anAddressOfAnotherKindOfDatabaseIsRefused(String command) {
        var result = run(command, configuration -> configuration
                .withObject("/storage/database")
                .put("url", "jdbc:postgresql://user:secret@127.0.0.1/chat"));
        assertThat(result.failed()).isTrue();
        assertThat(result.output())
                .contains("storage.database.url must begin with jdbc:mysql:, jdbc:mariadb: or jdbc:h2:")
                .doesNotContain("secret", "\tat ");
    }

    @Test
    void aFileThatIsNotThereOrNoYamlIsNamed() throws IOException {
        var missing = CommandLine.run("check", "no/such/file.yml");
        assertThat(missing.failed()).isTrue();
        assertThat(missing.output()).contains("no/such/file.yml");

        var file = Service.file(Json.object());
        Files.writeString(file, "storage: {type: in-memory\nserver:\n\t- x");
        var broken = CommandLine.run("check", file.toString());
        assertThat(broken.failed()).isTrue();
        assertThat(broken.output()).contains(file.getFileName().toString());

        Files.writeString(file, "storage: {type: in-memory}\nmessagesToLoad: 15\nmessagesToLoad: 20\n");
        var twice = CommandLine.run("check", file.toString());
        assertThat(twice.failed()).isTrue();
        assertThat(twice.output()).contains("messagesToLoad");
    }

    @Test
    void anAdapterFromAnotherJarPlugsInByItsType() {
        assertThat(run("check", configuration -> configuration
                        .putObject("storage")
                        .put("type", "third-party")
                        .put("greeting", "hi")))
                .isEqualTo(new CommandLine.Result(false, ""));
        assertThat(failure(configuration -> configuration
                        .putObject("storage")
                        .put("type", "third-party")
                        .put("greting", "hi")))
                .contains("greting");
    }
}
