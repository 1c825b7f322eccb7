package io.messagecenter.app.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import io.messagecenter.app.support.Api;
import io.messagecenter.app.support.GatedStorageFactory;
import io.messagecenter.app.support.Json;
import io.messagecenter.app.support.Service;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.user.UserStore;
import io.messagecenter.domain.user.Username;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** More sign-ins at once than there is room for. What holds each of them up is the look for its password. */
@Timeout(60)
class HashingLimitTest {
    private static final int AT_ONCE = 2;
    private static final int WAITING = 256;
    private static final int TOO_MANY = 40;

    private static final int WAITING_OF_ONE = 128;

    private final Semaphore open = new Semaphore(0);
    private final AtomicInteger within = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    private UserStore gated(UserStore users) {
        var gated = mock(UserStore.class, delegatesTo(users));
        doAnswer(call -> {
                    most.accumulateAndGet(within.incrementAndGet(), Math::max);
                    assertThat(open.tryAcquire(50, TimeUnit.SECONDS)).isTrue();
                    within.decrementAndGet();
                    throw ChatException.unavailable("enough", new IOException());
                })
                .when(gated)
                .credentials(new Username("alice"));
        return gated;
    }

    private Service start() {
        GatedStorageFactory.gate(this::gated);
        return Service.inMemory(configuration -> {
            configuration.putObject("storage").put("type", "gated");
            configuration.putArray("trustedProxies").add("127.0.0.1");
            configuration.put("hashesAtOnce", AT_ONCE);
        });
    }

    @AfterEach
    void openAll() {
        open.release(1_000);
        GatedStorageFactory.gate(users -> users);
    }

    private static String credentials(String name) {
        return Json.object()
                .put("username", name)
                .put("password", "correct horse")
                .toString();
    }

    private static CompletableFuture<HttpResponse<String>> signIn(Api api, String name, String from) {
        var request =
                api.request("POST", "/api/v1/session/", BodyPublishers.ofString(credentials(name)), one -> one.header(
                                "Content-Type", "application/json")
                        .header("X-Forwarded-For", from));
        return Api.HTTP.sendAsync(request, BodyHandlers.ofString());
    }

    private static long done(List<CompletableFuture<HttpResponse<String>>> answers) {
        return answers.stream().filter(CompletableFuture::isDone).count();
    }

    private static String code(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValueAsLong("Retry-After").orElseThrow())
                .isPositive();
        return Json.parse(answer.body()).get("code").asText();
    }

    @Test
    void whoComesWhenTooManyWaitIsAskedToComeAgainAndMessagesGoOn() {
        try (var service = start()) {
            var token = service.api()
                    .post("/api/v1/account/", credentials("alice"))
                    .expect(201)
                    .at("/token");
            var alice = service.api().as(token.asText());
            var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
            try {
                for (int i = 0; i < AT_ONCE + WAITING + TOO_MANY; i++) {
                    answers.add(signIn(service.api(), "alice", "10.0." + i / 256 + "." + i % 256));
                }
                Awaitility.await()
                        .atMost(Duration.ofSeconds(15)) // before any of those that wait is told that it takes too long
                        .until(() -> done(answers) >= TOO_MANY);

                assertThat(done(answers)).isEqualTo(TOO_MANY);
                assertThat(within).hasValue(AT_ONCE);
                alice.send("alice", "goes on").expect(201);
                service.api()
                        .post(
                                "/api/v1/password-reset/confirm/",
                                "{\"token\": \"made up\", \"new_password\": \"battery staple\"}")
                        .expect(400);
            } finally {
                open.release(1_000);
            }
            var codes = answers.stream()
                    .map(CompletableFuture::join)
                    .collect(Collectors.groupingBy(HashingLimitTest::code, Collectors.counting()));
            assertThat(codes)
                    .containsEntry("overloaded", (long) TOO_MANY)
                    .containsEntry("unavailable", (long) AT_ONCE + WAITING);
            assertThat(most).hasValue(AT_ONCE);
        }
    }

    @Test
    void whileOneNetworkHasAllThatMayWaitSomebodyElsewhereIsNextButOne() {
        var flood = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        try (var service = start()) {
            service.api().post("/api/v1/account/", credentials("bob")).expect(201);
            for (int i = 0; i < AT_ONCE + WAITING_OF_ONE + TOO_MANY; i++) {
                flood.add(signIn(service.api(), "alice", "192.0.2.1"));
            }
            Awaitility.await().atMost(Duration.ofSeconds(15)).until(() -> done(flood) >= TOO_MANY);

            var elsewhere = signIn(service.api(), "bob", "198.51.100.1");

            Awaitility.await().pollInterval(Duration.ofMillis(500)).until(() -> {
                open.release(); // one of the flood after another, as their hashes are made
                return elsewhere.isDone();
            });
            assertThat(elsewhere.join().statusCode()).isEqualTo(201);
            assertThat(done(flood)).isLessThan(TOO_MANY + WAITING_OF_ONE / 2);
            open.release(1_000);
            assertThat(flood).allSatisfy(one -> assertThat(code(one.join())).isIn("overloaded", "unavailable"));
        }
    }
}
