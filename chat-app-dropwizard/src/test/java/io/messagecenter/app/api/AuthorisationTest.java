package io.messagecenter.app.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.messagecenter.app.support.Answer;
import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.Endpoints;
import io.messagecenter.app.support.Endpoints.Endpoint;
import io.messagecenter.app.support.Scene;
import io.messagecenter.app.support.Scene.Who;
import io.messagecenter.app.support.SharedService;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every endpoint, as everybody who might call it, after what is Alice's. The table says what each is answered; whoever is
 * refused has changed nothing, and nobody's answer has a word that is not theirs to read.
 */
@Timeout(60)
class AuthorisationTest {
    /** An endpoint that is not here fails the build. Parts in angle brackets are the scene's, the body's kind is JSON. */
    private static final String TABLE =
            """
            call                                    | body                                                  | NOBODY STRANGER OTHER BLOCKED ENDED DISABLED ERASED ADMIN
            POST /account/                          | {"username": "<alice>", "password": "<password>"}     | 409 409 409 409 409 409 409 409
            POST /account/                          | {"username": "<erased>", "password": "<password>"}    | 409 - - - - - 409 -
            GET /account/                           |                                                       | 401 200 200 200 401 401 401 200
            PATCH /account/                         | {"email": "a@b.example", "username": "<alice>", "admin": true, "disabled": false} | 401 200 200 200 401 401 401 200
            POST /account/password/                 | {"current_password": "<password>", "new_password": "is this not mine"} | 401 400 400 400 401 401 401 400
            DELETE /account/                        | {"password": "<password>", "username": "<alice>"}     | 401 400 400 400 401 401 401 400
            GET /account/export/                    |                                                       | 401 200 200 200 401 401 401 200
            GET /account/export/?username=<alice>   |                                                       | 401 200 200 200 401 401 401 200
            GET /admin/account/                     |                                                       | 401 403 403 403 401 401 401 200
            GET /admin/account/?q=<alice>           |                                                       | 401 403 403 403 401 401 401 200
            GET /admin/account/<alice>/             |                                                       | 401 403 403 403 401 401 401 200
            GET /admin/account/no.such/             |                                                       | 401 403 403 403 401 401 401 404
            GET /admin/account/<erased>/            |                                                       | 401 403 403 403 401 401 401 404
            PATCH /admin/account/<spare>/           | {"disabled": true}                                    | 401 403 403 403 401 401 401 200
            PATCH /admin/account/<disabled>/        | {"disabled": "maybe"}                                 | 401 403 403 403 401 401 401 400
            PATCH /admin/account/<admin>/           | {"disabled": true}                                    | 401 403 403 403 401 401 401 403
            DELETE /admin/account/<spare>/          |                                                       | 401 403 403 403 401 401 401 204
            DELETE /admin/account/<admin>/          |                                                       | 401 403 403 403 401 401 401 403
            POST /session/                          | {"username": "<alice>", "password": "not her horse"}  | 401 401 401 401 401 401 401 401
            POST /session/                          | {"username": "<disabled>", "password": "alice keeps a horse <disabled>"} | 401 - - - - 401 - -
            POST /session/                          | {"username": "<erased>", "password": "alice keeps a horse <erased>"} | 401 - - - - - 401 -
            GET /session/                           |                                                       | 401 200 200 200 401 401 401 200
            DELETE /session/                        |                                                       | 401 204 204 204 401 401 401 204
            DELETE /session/current/                |                                                       | 401 204 204 204 401 401 401 204
            DELETE /session/<session>/              |                                                       | 401 404 404 404 401 401 401 404
            POST /password-reset/                   | {"username": "<alice>"}                               | 202 202 202 202 202 202 202 202
            POST /password-reset/                   | {"username": "no.such"}                               | 202 202 202 202 202 202 202 202
            POST /password-reset/confirm/           | {"token": "<session>", "new_password": "is this not mine"} | 400 400 400 400 400 400 400 400
            GET /user/                              |                                                       | 401 200 200 200 401 401 401 200
            GET /user/?q=<alice>                    |                                                       | 401 200 200 200 401 401 401 200
            GET /user/<alice>/                      |                                                       | 401 200 200 200 401 401 401 200
            GET /user/<erased>/                     |                                                       | 401 404 404 404 401 401 401 404
            GET /block/                             |                                                       | 401 200 200 200 401 401 401 200
            PUT /block/<spare>/                     |                                                       | 401 204 204 204 401 401 401 204
            DELETE /block/<alice>/                  |                                                       | 401 204 204 204 401 401 401 204
            DELETE /block/<blocked>/                |                                                       | 401 204 204 204 401 401 401 204
            GET /conversation/<alice>/              |                                                       | 401 404 200 200 401 401 401 404
            POST /message/                          | {"recipient": "<alice>", "body": "walked"}            | 401 201 201 403 401 401 401 201
            POST /message/ as a form                | recipient=<alice>&body=walked                         | 401 201 201 403 401 401 401 201
            POST /message/ past the fast path       | {"recipient": "<alice>", "body": "walked"}            | 401 201 201 403 401 401 401 201
            POST /message/                          | {"recipient": "<erased>", "body": "walked"}           | 401 404 404 404 401 401 401 404
            POST /message/                          | {"recipient": "<spare>", "body": "walked", "user": "<alice>"} | 401 201 201 201 401 401 401 201
            GET /message/                           |                                                       | 401 200 200 200 401 401 401 200
            GET /message/?limit=100                 |                                                       | 401 200 200 200 401 401 401 200
            GET /message/?target=<alice>            |                                                       | 401 200 200 200 401 401 401 200
            GET /message/?target=<other>            |                                                       | 401 200 200 200 401 401 401 200
            GET /message/?target=<alice>&after=0    |                                                       | 401 200 200 200 401 401 401 200
            GET /message/?target=<blocked>&before=9 |                                                       | 401 200 200 200 401 401 401 200
            GET /message/<to-other>/                |                                                       | 401 404 200 404 401 401 401 404
            GET /message/<to-blocked>/              |                                                       | 401 404 404 200 401 401 401 404
            GET /message/<to-disabled>/             |                                                       | 401 404 404 404 401 401 401 404
            GET /message/<to-erased>/               |                                                       | 401 404 404 404 401 401 401 404
            PATCH /message/<to-other>/              | {"body": "walked"}                                    | 401 404 404 404 401 401 401 404
            PATCH /message/<to-blocked>/            | {"body": "walked"}                                    | 401 404 404 404 401 401 401 404
            DELETE /message/<to-other>/             |                                                       | 401 404 404 404 401 401 401 404
            DELETE /message/<to-blocked>/           |                                                       | 401 404 404 404 401 401 401 404
            GET /message/search/?q=said             |                                                       | 401 200 200 200 401 401 401 200
            GET /message/search/?q=said&limit=100   |                                                       | 401 200 200 200 401 401 401 200
            GET /message/search/?q=s&target=<alice> |                                                       | 401 200 200 200 401 401 401 200
            GET /message/search/?q=s&target=<other> |                                                       | 401 200 200 200 401 401 401 200
            GET /message/search/?q=s&before=<to-other> |                                                       | 401 400 200 400 401 401 401 400
            GET /message/search/?q=s&before=<to-erased> |                                                       | 401 400 400 400 401 401 401 400
            GET /conversation/                      |                                                       | 401 200 200 200 401 401 401 200
            GET /conversation/?limit=1000           |                                                       | 401 200 200 200 401 401 401 200
            GET /conversation/<other>/              |                                                       | 401 404 404 404 401 401 401 404
            GET /conversation/<erased>/             |                                                       | 401 404 404 404 401 401 401 404
            GET /conversation/no.such/              |                                                       | 401 404 404 404 401 401 401 404
            POST /conversation/<alice>/read/        | {"seq": 1000, "user": "<other>"}                      | 401 204 204 204 401 401 401 204
            POST /conversation/<alice>/delivered/   | {"seq": 1000}                                         | 401 204 204 204 401 401 401 204
            POST /conversation/<erased>/read/       | {"seq": 1000}                                         | 401 204 204 204 401 401 401 204
            POST /conversation/no.such/read/        | {"seq": 1000}                                         | 401 404 404 404 401 401 401 404
            GET /event/                             |                                                       | 401 200 200 200 401 401 401 200
            GET /event/?after=1&limit=1000          |                                                       | 401 200 200 200 401 401 401 200
            """;

    private static final List<Row> ROWS =
            TABLE.lines().skip(1).map(AuthorisationTest::row).toList();

    private static Scene scene;

    /** A line of the table. */
    private record Row(String method, String path, String kind, String body, Map<Who, Integer> statuses) {
        String route() {
            return "/api/v1" + path.replaceAll("\\?.*", "");
        }

        /** Whether it is a message or a receipt to Alice, who may notice it. */
        boolean tellsAlice() {
            return method.equals("POST")
                    && (path.equals("/message/") && body.contains("<alice>")
                            || path.startsWith("/conversation/<alice>/"));
        }

        @Override
        public String toString() {
            return (method + " " + path + " " + kind + body).strip();
        }
    }

    private static Row row(String line) {
        var cells = Arrays.stream(line.split("\\|")).map(String::strip).toList();
        var call = cells.get(0).split(" ", 3);
        var statuses = cells.get(2).split(" ");
        assertThat(statuses).as(line).hasSameSizeAs(Who.values());
        var byWho = new EnumMap<Who, Integer>(Who.class);
        for (var who : Who.values()) {
            if (!statuses[who.ordinal()].equals("-")) { // somebody else asks the same
                byWho.put(who, Integer.valueOf(statuses[who.ordinal()]));
            }
        }
        return new Row(call[0], call[1], call.length > 2 ? call[2] + " " : "", cells.get(1), byWho);
    }

    @BeforeAll
    static void meet() {
        scene = new Scene();
    }

    @AfterAll
    static void part() {
        scene.close();
    }

    /** Whatever else the service should answer one day is to be walked, too. At {@code /} there is nothing: 404. */
    @Test
    void theServiceAnswersWhatIsWalkedAndItsDescriptionAlone() {
        assertThat(SharedService.service().servletMappings())
                .containsExactlyInAnyOrder("/api/v1/*", "/ws", "/ws/", "/docs/*", "/");
        assertThat(SharedService.api().get("/").status()).isEqualTo(404);
    }

    @Test
    void everyEndpointIsWalked() {
        var endpoints = Endpoints.templates();

        assertThat(ROWS.stream().map(row -> endpoint(row, endpoints)).distinct())
                .containsExactlyInAnyOrderElementsOf(endpoints);
    }

    /** What has no parameter comes first, as it does where requests are matched. */
    private static Endpoint endpoint(Row row, List<Endpoint> endpoints) {
        return endpoints.stream()
                .filter(endpoint -> endpoint.matches(row.method(), row.route()))
                .min(Comparator.comparing(endpoint -> endpoint.path().contains("{")))
                .orElseThrow(() -> new AssertionError("There is no " + row));
    }

    private static Stream<Arguments> everywhere() {
        return ROWS.stream().flatMap(row -> row.statuses().keySet().stream().map(who -> Arguments.of(row, who)));
    }

    private static Answer call(Api api, String method, String path, Row row, String body) {
        var type =
                switch (row.kind()) {
                    case "as a form " -> "application/x-www-form-urlencoded";
                    case "past the fast path " -> "application/json; profile=x";
                    default -> "application/json";
                };
        return api.call(
                method,
                path,
                body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body),
                request -> body.isEmpty() ? request : request.header("Content-Type", type));
    }

    @ParameterizedTest
    @MethodSource("everywhere")
    void everybodyIsAnsweredAsTheTableSays(Row row, Who who) {
        var path = "/api/v1" + scene.fill(row.path());
        var body = scene.fill(row.body());
        var api = scene.as(who);
        int status = row.statuses().get(who);
        var everything = SharedService.state();
        var accounts = scene.accounts();
        var alices = scene.view();

        var answer = call(api, row.method(), path, row, body);

        assertThat(answer.status()).as(answer::text).isEqualTo(status);
        scene.assertKeepsSecrets(who, answer.headers().map() + answer.text());
        if (row.method().equals("GET")) {
            assertThat(api.call("HEAD", path).status()).isEqualTo(status);
        }
        if (status == 401 && who != Who.NOBODY) {
            var cookie = SharedService.api()
                    .call(row.method(), path, BodyPublishers.ofString(body), request -> request.header(
                                    "Cookie", "sessionid=" + api.token())
                            .header("Content-Type", "application/json"));
            assertThat(cookie.status()).as(cookie::text).isEqualTo(status);
        }
        if (status >= 400 || row.method().equals("GET")) {
            assertThat(SharedService.state()).isEqualTo(everything);
            assertThat(scene.accounts()).isEqualTo(accounts);
        }
        if (status >= 400 || !row.tellsAlice()) {
            assertThat(scene.view()).isEqualTo(alices);
        }
    }

    private static Stream<Row> thatNeedACaller() {
        return ROWS.stream()
                .filter(row ->
                        row.statuses().get(Who.NOBODY) == 401 && !row.path().equals("/session/"));
    }

    /** A browser's cookie may be somebody else's by now. */
    @ParameterizedTest
    @MethodSource("thatNeedACaller")
    void whoeverIsNotWhomTheRequestExpectsIsAnsweredAsNobodyIs(Row row) {
        var path = "/api/v1" + scene.fill(row.path());
        var body = scene.fill(row.body());
        var callers = List.of(scene.as(Who.OTHER), scene.as(Who.ADMIN));
        var everything = SharedService.state();
        var accounts = scene.accounts();
        for (var caller : callers) {
            var answer = call(caller.expecting(scene.alice()), row.method(), path, row, body);

            assertThat(answer.status()).as(answer::text).isEqualTo(401);
            scene.assertKeepsSecrets(Who.NOBODY, answer.headers().map() + answer.text());
        }
        assertThat(SharedService.state()).isEqualTo(everything);
        assertThat(scene.accounts()).isEqualTo(accounts);
    }

    private static Stream<Row> thatOnlyRead() {
        return thatNeedACaller().filter(row -> row.method().equals("GET"));
    }

    @ParameterizedTest
    @MethodSource("thatOnlyRead")
    void whoeverIsWhomTheRequestExpectsIsAnsweredAsEver(Row row) {
        var path = "/api/v1" + scene.fill(row.path());
        for (var who : List.of(Who.OTHER, Who.ADMIN)) {
            var caller = scene.as(who);
            var own = scene.name(who).toUpperCase(Locale.ROOT);
            assertThat(caller.expecting(own).get(path).status())
                    .isEqualTo(caller.get(path).status())
                    .isNotEqualTo(401);
        }
    }

    /** Otherwise the walk would find no secret where there is none to be found. */
    @Test
    void whoeverMaySeeASecretFindsIt() {
        for (var who : List.of(Who.OTHER, Who.BLOCKED)) {
            assertThat(scene.as(who)
                                    .get("/api/v1/message/?target=" + scene.alice())
                                    .text()
                            + scene.as(who).get("/api/v1/event/").text())
                    .contains(scene.seenBy(who));
            assertThat(scene.as(who).get("/api/v1/message/search/?q=said").text())
                    .contains(scene.seenBy(who));
        }
        assertThat(scene.as(Who.ADMIN)
                        .get("/api/v1/admin/account/" + scene.alice() + "/")
                        .text())
                .contains(scene.seenBy(Who.ADMIN));
        assertThat(scene.asAlice().get("/api/v1/account/export/").text()
                        + scene.asAlice().get("/api/v1/event/").text())
                .contains(scene.seenBy(Who.OTHER))
                .contains(scene.seenBy(Who.BLOCKED))
                .contains("device-of-" + scene.alice(), "user.blocked\",\"user\":\"" + scene.name(Who.BLOCKED));
    }

    @Test
    void whoIsBlockedReadsWhatWasSaidAndSeesTheBlockerOfflineAndNoMore() {
        var path = "/api/v1/user/" + scene.alice() + "/";

        assertThat(scene.as(Who.OTHER).get(path).at("/online").asBoolean()).isTrue();
        assertThat(scene.as(Who.BLOCKED).get(path).at("/online").asBoolean()).isFalse();
        assertThat(scene.as(Who.BLOCKED)
                        .get("/api/v1/user/?q=" + scene.alice())
                        .at("/0/online")
                        .asBoolean())
                .isFalse();
        assertThat(scene.as(Who.BLOCKED)
                        .get("/api/v1/message/?target=" + scene.alice())
                        .text())
                .contains(scene.seenBy(Who.BLOCKED));
        assertThat(scene.as(Who.BLOCKED).get("/api/v1/event/").text())
                .doesNotContain("\"user.blocked\",\"user\":\"" + scene.alice())
                .doesNotContain("\"user.blocked\",\"user\":\"" + scene.name(Who.BLOCKED));
    }
}
