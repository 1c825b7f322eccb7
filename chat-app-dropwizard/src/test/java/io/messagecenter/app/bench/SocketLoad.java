package io.messagecenter.app.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/**
 * Sends over WebSockets, each with so many messages on their way at a time: an acknowledgement lets the next one go.
 * Not thread-safe.
 */
final class SocketLoad {
    /** Acknowledgements of one socket may overtake each other by so many windows. */
    private static final int WINDOWS_REMEMBERED = 8;

    private final EventLoop loop;
    private final ChatSockets chat;
    private final List<NumberedText> frames;
    private final int window;
    private final int eventsEach;
    private final Duration patience;
    private final long[][] started;
    private final long[] numbers;
    private Latencies latencies = new Latencies();
    private long sent;
    private boolean again;

    /**
     * What came of a run.
     *
     * @param elapsed from the first send until the last acknowledgement and the last event had come
     * @param latencies from send to acknowledgement
     */
    record Result(long acknowledged, Duration elapsed, Latencies latencies) {
        double perSecond() {
            return acknowledged / (elapsed.toNanos() / 1e9);
        }
    }

    /**
     * Gets ready.
     *
     * @param frames what each socket sends, with a number as its key, which counts each socket's sends from 0
     * @param window how many sends of one socket may be without acknowledgement
     * @param eventsEach how many of the sockets a message must reach
     * @param patience how long the last acknowledgements and events may take
     */
    SocketLoad(
            EventLoop loop,
            ChatSockets chat,
            List<NumberedText> frames,
            int window,
            int eventsEach,
            Duration patience) {
        this.loop = loop;
        this.chat = chat;
        this.frames = List.copyOf(frames);
        this.window = window;
        this.eventsEach = eventsEach;
        this.patience = patience;
        this.started = new long[frames.size()][WINDOWS_REMEMBERED * window];
        this.numbers = new long[frames.size()];
        chat.listen(new ChatSockets.Listener() {
            @Override
            public void acknowledged(WebSocketClient socket, long number) throws IOException {
                onAck(socket, number);
            }
        });
    }

    Result run(Duration time) throws IOException {
        latencies = new Latencies();
        long sentBefore = sent;
        long acknowledgedBefore = chat.acknowledged();
        long eventsBefore = chat.events();
        long start = System.nanoTime();
        again = true;
        for (var socket : chat.sockets()) {
            for (int i = 0; i < window; i++) {
                send(socket);
            }
        }
        loop.run(() -> false, time);
        again = false;
        if (!loop.run(
                () -> chat.acknowledged() - acknowledgedBefore == sent - sentBefore
                        && chat.events() - eventsBefore == eventsEach * (sent - sentBefore),
                patience)) {
            throw new BenchmarkFailed("Of " + (sent - sentBefore) + " sends, "
                    + (chat.acknowledged() - acknowledgedBefore) + " were acknowledged, and made "
                    + (chat.events() - eventsBefore) + " events instead of " + eventsEach + " each");
        }
        return new Result(sent - sentBefore, Duration.ofNanos(System.nanoTime() - start), latencies);
    }

    private void send(WebSocketClient socket) throws IOException {
        int i = socket.number();
        long number = numbers[i]++;
        int slot = slot(number);
        if (started[i][slot] != 0) {
            throw new BenchmarkFailed("A send was overtaken by " + WINDOWS_REMEMBERED * window + " others");
        }
        started[i][slot] = System.nanoTime();
        sent++;
        socket.send(frames.get(i).with(number));
    }

    private void onAck(WebSocketClient socket, long number) throws IOException {
        int i = socket.number();
        if (number < 0 || number >= numbers[i] || started[i][slot(number)] == 0) {
            throw new BenchmarkFailed("An acknowledgement of " + number + ", which is not on its way");
        }
        latencies.record(System.nanoTime() - started[i][slot(number)]);
        started[i][slot(number)] = 0;
        if (again) {
            send(socket);
        }
    }

    private int slot(long number) {
        return (int) (number % (WINDOWS_REMEMBERED * window));
    }
}
