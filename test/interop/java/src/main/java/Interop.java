import io.nats.client.Connection;
import io.nats.client.ConnectionListener.Events;
import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.Subscription;
import io.nats.client.impl.Headers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** The steps of test/interop for the Java package io.nats:jnats. */
public final class Interop {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static void ok(String step) {
        System.out.println("ok " + step);
        System.out.flush();
    }

    private static void expect(String what, Object got, Object want) {
        if (!Objects.equals(got, want)) {
            throw new AssertionError(what + ": got " + got + ", want " + want);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Message message) {
        return new String(message.getData(), StandardCharsets.UTF_8);
    }

    public static void main(String[] args) throws Exception {
        String url = System.getenv("NATS_URL");
        CountDownLatch reconnected = new CountDownLatch(1);
        Options options = new Options.Builder()
            .server(url)
            .reconnectWait(Duration.ofMillis(50))
            .maxReconnects(-1)
            .connectionListener((connection, event) -> {
                if (event == Events.RESUBSCRIBED) {
                    reconnected.countDown();
                }
            })
            .build();
        try (Connection connection = Nats.connect(options)) {
            expect("maximum payload", connection.getServerInfo().getMaxPayload(), 1048576L);
            ok("connect");

            publish(connection);
            ok("publish");

            Dispatcher service = connection.createDispatcher(
                message -> connection.publish(message.getReplyTo(), bytes(text(message) + ", yes")));
            service.subscribe("interop.service");
            expect("answer", text(connection.request("interop.service", bytes("there"), PATIENCE)), "there, yes");
            ok("request");

            queue(connection);
            ok("queue");

            headers(connection);
            ok("headers");

            noResponders(connection);
            ok("no-responders");

            drain(connection, url);
            ok("drain");

            System.out.println("restart");
            System.out.flush();
            expect("reconnected", reconnected.await(30, TimeUnit.SECONDS), true);
            expect("answer after the restart",
                text(connection.request("interop.service", bytes("still there"), PATIENCE)), "still there, yes");
            ok("reconnect");
        }
    }

    private static void publish(Connection connection) throws Exception {
        Subscription all = connection.subscribe("interop.*");
        for (String name : List.of("a", "b", "c")) {
            connection.publish("interop." + name, bytes("to " + name));
        }
        for (String name : List.of("a", "b", "c")) {
            Message message = all.nextMessage(PATIENCE);
            expect("subject", message.getSubject(), "interop." + name);
            expect("body", text(message), "to " + name);
        }
        all.unsubscribe();
    }

    private static void queue(Connection connection) throws Exception {
        AtomicIntegerArray counts = new AtomicIntegerArray(2);
        CountDownLatch full = new CountDownLatch(200);
        Dispatcher[] members = new Dispatcher[2];
        for (int i = 0; i < members.length; i++) {
            int member = i;
            members[i] = connection.createDispatcher(message -> {
                counts.incrementAndGet(member);
                full.countDown();
            });
            members[i].subscribe("interop.queue", "workers");
        }
        for (int i = 0; i < 200; i++) {
            connection.publish("interop.queue", null);
        }
        expect("deliveries to the group", full.await(5, TimeUnit.SECONDS), true);
        expect("every member got some", counts.get(0) > 0 && counts.get(1) > 0, true);
        for (Dispatcher member : members) {
            connection.closeDispatcher(member);
        }
    }

    private static void headers(Connection connection) throws Exception {
        Subscription carried = connection.subscribe("interop.headers");
        connection.publish("interop.headers", new Headers().add("Kind", "one", "two"), bytes("body"));
        Message message = carried.nextMessage(PATIENCE);
        expect("headers", message.getHeaders().get("Kind"), List.of("one", "two"));
        expect("body", text(message), "body");
        carried.unsubscribe();
    }

    private static void noResponders(Connection connection) throws Exception {
        try {
            connection.request("interop.nobody", null).get(5, TimeUnit.SECONDS);
            throw new AssertionError("a request to nobody was answered");
        } catch (CancellationException refused) {
            // What the library makes of the server's 503.
        }
    }

    private static void drain(Connection connection, String url) throws Exception {
        CountDownLatch drained = new CountDownLatch(100);
        Connection other = Nats.connect(url);
        other.createDispatcher(message -> drained.countDown()).subscribe("interop.drain");
        other.flush(PATIENCE);
        for (int i = 0; i < 100; i++) {
            connection.publish("interop.drain", null);
        }
        connection.flush(PATIENCE);
        expect("drained", other.drain(PATIENCE).get(5, TimeUnit.SECONDS), true);
        expect("messages left", drained.getCount(), 0L);
        expect("closed after the drain", other.getStatus(), Connection.Status.CLOSED);
    }
}
