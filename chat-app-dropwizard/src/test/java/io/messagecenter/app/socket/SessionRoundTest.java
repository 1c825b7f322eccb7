package io.messagecenter.app.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.spy;
import static org.mockito.Mockito.verify;

import io.messagecenter.app.auth.Caller;
import io.messagecenter.app.auth.SessionAuthenticator;
import io.messagecenter.app.json.ChatJson;
import io.messagecenter.app.json.FrameWriter;
import io.messagecenter.app.json.MessageWriter;
import io.messagecenter.app.limit.Limits;
import io.messagecenter.domain.MessageCenter;
import io.messagecenter.domain.contract.ForwardingStorage;
import io.messagecenter.domain.error.ChatException;
import io.messagecenter.domain.memory.InMemoryStorage;
import io.messagecenter.domain.session.SessionStore;
import io.messagecenter.domain.session.Sessions;
import io.messagecenter.domain.user.Person;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.websocket.api.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mockito.ArgumentCaptor;

/**
 * The rounds that close the sockets of ended sessions, each run by hand. An ended session's sockets close in the round
 * after its end, and rounds are half a second apart, so two seconds leave one and a half to the query: this holds on any
 * machine, where a test with a real clock would measure how busy the machine is.
 */
@Timeout(60)
class SessionRoundTest {
    private static final Sessions.Limits LIMITS = new Sessions.Limits(Duration.ofDays(1), Duration.ofDays(2));

    /** Half of the time that a session lasts without use ago, until it is set. */
    private Instant now = Clock.systemUTC().instant().minus(LIMITS.idle().dividedBy(2));

    private final SessionStore store;
    private final MessageCenter center;
    private final Person alice;
    private final Sockets sockets;
    private final ScheduledExecutorService rounds = mock(ScheduledExecutorService.class);
    private final ScheduledExecutorService housekeeping = mock(ScheduledExecutorService.class);
    private Runnable sessionRound = () -> {};
    private Runnable keepUses = () -> {};

    SessionRoundTest() {
        var storage = new InMemoryStorage();
        store = spy(storage.sessions());
        var clock = new Clock() {
            @Override
            public Instant instant() {
                return now;
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
        center = MessageCenter.builder()
                .storage(new ForwardingStorage(storage) {
                    @Override
                    public SessionStore sessions() {
                        return store;
                    }
                })
                .clock(clock)
                .sessionLimits(LIMITS)
                .build();
        alice = center.accounts().register("alice");
        sockets = new Sockets(
                center,
                new SessionAuthenticator(center.sessions(), clock),
                new FrameWriter(ChatJson.mapper(), new MessageWriter()),
                new SocketSettings(Duration.ofSeconds(30), Duration.ofSeconds(30), false),
                Limits.none());
    }

    @BeforeEach
    void start() {
        sockets.start(rounds, housekeeping);
        var task = ArgumentCaptor.forClass(Runnable.class);
        verify(rounds).scheduleWithFixedDelay(task.capture(), eq(0L), eq(500L), eq(TimeUnit.MILLISECONDS));
        sessionRound = task.getValue();
        verify(housekeeping).scheduleWithFixedDelay(task.capture(), anyLong(), anyLong(), any());
        keepUses = task.getValue();
    }

    @AfterEach
    void close() {
        center.close();
    }

    private record Open(io.messagecenter.domain.session.Session session, Session client) {
        void assertClosed() {
            verify(client).close(eq(AnsweredClose.OWN + CloseCode.POLICY), eq("the session has ended"), any());
        }

        void assertOpen() {
            verify(client, never()).close(anyInt(), anyString(), any());
        }
    }

    private Open connect() {
        var session = center.sessions().start(alice, "test").session();
        var client = mock(Session.class);
        new ChatSocket(sockets, new Caller(session), Protocol.V1, Optional.empty(), false).onWebSocketOpen(client);
        return new Open(session, client);
    }

    @Test
    void theSocketsOfAnEndedSessionCloseInTheNextRoundAndRoundsAreCloseEnough() {
        var ended = connect();
        var kept = connect();
        sessionRound.run();
        ended.assertOpen();

        center.sessions().end(alice, ended.session().id());
        sessionRound.run();

        ended.assertClosed();
        kept.assertOpen();
        assertThat(SessionAuthenticator.ROUND).isEqualTo(Duration.ofMillis(500));
    }

    /** What is used is written elsewhere: neither a write that fails nor one that hangs is in a round's way. */
    @Test
    void aRoundWritesNothing() {
        var ended = connect();
        now = Clock.systemUTC().instant(); // and all are used
        center.sessions().end(alice, ended.session().id());
        doThrow(new AssertionError("A round must not wait for a write"))
                .when(store)
                .prolong(any());

        for (int i = 0; i < 10; i++) {
            sessionRound.run();
        }

        ended.assertClosed();
    }

    @Test
    void theUseOfAnOpenSocketIsKeptOnAnotherThreadAndTriedAgain() {
        var used = connect();
        now = Clock.systemUTC().instant();
        for (int i = 0; i < 4; i++) {
            sessionRound.run();
        }
        doThrow(ChatException.unavailable("gone", new IOException()))
                .doThrow(new IllegalStateException("broken"))
                .doCallRealMethod()
                .when(store)
                .prolong(any());

        keepUses.run();
        keepUses.run();
        assertThat(center.sessions().list(alice)).containsExactly(used.session());
        keepUses.run();

        assertThat(center.sessions().list(alice).get(0).expires())
                .isAfter(used.session().expires());
    }

    @Test
    void whileTheStoreIsAwaySocketsStayAndTheNextRoundClosesThem() {
        var ended = connect();
        center.sessions().end(alice, ended.session().id());
        doThrow(ChatException.unavailable("gone", new IOException()))
                .doThrow(new IllegalStateException("broken"))
                .doCallRealMethod()
                .when(store)
                .endedSince(any());

        sessionRound.run();
        sessionRound.run();
        ended.assertOpen();
        sessionRound.run();

        ended.assertClosed();
    }
}
