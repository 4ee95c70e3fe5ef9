// The steps of test/interop for the C library cnats (libnats).
#include <nats/nats.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATIENCE = 5000 }; // milliseconds

static void ok(const char *step) {
    printf("ok %s\n", step);
    fflush(stdout);
}

static void fail(const char *what, const char *got) {
    fprintf(stderr, "%s: %s\n", what, got);
    exit(1);
}

static void check(const char *what, natsStatus status) {
    if (status != NATS_OK) fail(what, natsStatus_GetText(status));
}

static void expect(const char *what, bool holds) {
    if (!holds) fail(what, "not as expected");
}

static bool body_is(natsMsg *msg, const char *text) {
    return natsMsg_GetDataLength(msg) == (int)strlen(text) && memcmp(natsMsg_GetData(msg), text, strlen(text)) == 0;
}

// wait_for polls a counter that a callback of the library moves; the library offers no wait of its own for it.
static void wait_for(const char *what, atomic_int *counter, int value) {
    for (int i = 0; i < 6 * PATIENCE / 10; i++) {
        if (atomic_load(counter) >= value) return;
        nats_Sleep(10);
    }
    fail(what, "did not happen in time");
}

static void count(natsConnection *nc, natsSubscription *sub, natsMsg *msg, void *counter) {
    (void)nc, (void)sub;
    atomic_fetch_add((atomic_int *)counter, 1);
    natsMsg_Destroy(msg);
}

static void answer(natsConnection *nc, natsSubscription *sub, natsMsg *msg, void *unused) {
    (void)sub, (void)unused;
    char text[64];
    snprintf(text, sizeof text, "%.*s, yes", natsMsg_GetDataLength(msg), natsMsg_GetData(msg));
    natsConnection_PublishString(nc, natsMsg_GetReply(msg), text);
    natsMsg_Destroy(msg);
}

static void on_reconnect(natsConnection *nc, void *counter) {
    (void)nc;
    atomic_fetch_add((atomic_int *)counter, 1);
}

static void publish(natsConnection *nc) {
    natsSubscription *all = NULL;
    check("subscribe", natsConnection_SubscribeSync(&all, nc, "interop.*"));
    const char *names[] = {"a", "b", "c"};
    char subject[32], body[32];
    for (int i = 0; i < 3; i++) {
        snprintf(subject, sizeof subject, "interop.%s", names[i]);
        snprintf(body, sizeof body, "to %s", names[i]);
        check("publish", natsConnection_PublishString(nc, subject, body));
    }
    for (int i = 0; i < 3; i++) {
        natsMsg *msg = NULL;
        check("next message", natsSubscription_NextMsg(&msg, all, PATIENCE));
        snprintf(subject, sizeof subject, "interop.%s", names[i]);
        snprintf(body, sizeof body, "to %s", names[i]);
        expect("message", strcmp(natsMsg_GetSubject(msg), subject) == 0 && body_is(msg, body));
        natsMsg_Destroy(msg);
    }
    natsSubscription_Destroy(all);
}

static void request(natsConnection *nc, const char *question, const char *want) {
    natsMsg *reply = NULL;
    check("request", natsConnection_RequestString(&reply, nc, "interop.service", question, PATIENCE));
    expect("answer", body_is(reply, want));
    natsMsg_Destroy(reply);
}

static void queue(natsConnection *nc) {
    atomic_int counts[2] = {0, 0};
    natsSubscription *members[2];
    for (int i = 0; i < 2; i++)
        check("queue subscribe", natsConnection_QueueSubscribe(&members[i], nc, "interop.queue", "workers", count, &counts[i]));
    for (int i = 0; i < 200; i++) check("publish", natsConnection_PublishString(nc, "interop.queue", ""));
    check("flush", natsConnection_Flush(nc));
    for (int i = 0; i < 2; i++) check("drain", natsSubscription_Drain(members[i]));
    for (int i = 0; i < 2; i++) check("drained", natsSubscription_WaitForDrainCompletion(members[i], PATIENCE));
    expect("deliveries to the group", counts[0] + counts[1] == 200);
    expect("every member got some", counts[0] > 0 && counts[1] > 0);
    for (int i = 0; i < 2; i++) natsSubscription_Destroy(members[i]);
}

static void headers(natsConnection *nc) {
    natsSubscription *carried = NULL;
    natsMsg *sent = NULL, *got = NULL;
    const char **values = NULL;
    int n = 0;
    check("subscribe", natsConnection_SubscribeSync(&carried, nc, "interop.headers"));
    check("message", natsMsg_Create(&sent, "interop.headers", NULL, "body", 4));
    check("header", natsMsgHeader_Add(sent, "Kind", "one"));
    check("header", natsMsgHeader_Add(sent, "Kind", "two"));
    check("publish", natsConnection_PublishMsg(nc, sent));
    check("next message", natsSubscription_NextMsg(&got, carried, PATIENCE));
    check("header values", natsMsgHeader_Values(got, "Kind", &values, &n));
    expect("headers", n == 2 && strcmp(values[0], "one") == 0 && strcmp(values[1], "two") == 0 && body_is(got, "body"));
    free((void *)values);
    natsMsg_Destroy(sent);
    natsMsg_Destroy(got);
    natsSubscription_Destroy(carried);
}

static void drain(natsConnection *nc, const char *url) {
    atomic_int drained = 0;
    natsConnection *other = NULL;
    natsSubscription *sub = NULL;
    check("connect", natsConnection_ConnectTo(&other, url));
    check("subscribe", natsConnection_Subscribe(&sub, other, "interop.drain", count, &drained));
    check("flush", natsConnection_Flush(other));
    for (int i = 0; i < 100; i++) check("publish", natsConnection_PublishString(nc, "interop.drain", ""));
    check("flush", natsConnection_Flush(nc));
    check("drain", natsSubscription_Drain(sub));
    check("drained", natsSubscription_WaitForDrainCompletion(sub, PATIENCE));
    expect("messages before the drain", drained == 100);
    natsSubscription_Destroy(sub);
    natsConnection_Destroy(other);
}

int main(void) {
    const char *url = getenv("NATS_URL");
    atomic_int reconnects = 0;
    natsOptions *options = NULL;
    natsConnection *nc = NULL;
    natsSubscription *service = NULL;
    natsMsg *nobody = NULL;

    check("options", natsOptions_Create(&options));
    check("url", natsOptions_SetURL(options, url));
    check("reconnect wait", natsOptions_SetReconnectWait(options, 50));
    check("reconnects", natsOptions_SetMaxReconnect(options, 1000));
    check("callback", natsOptions_SetReconnectedCB(options, on_reconnect, &reconnects));
    check("connect", natsConnection_Connect(&nc, options));
    expect("maximum payload", natsConnection_GetMaxPayload(nc) == 1048576);
    ok("connect");

    publish(nc);
    ok("publish");

    check("subscribe", natsConnection_Subscribe(&service, nc, "interop.service", answer, NULL));
    request(nc, "there", "there, yes");
    ok("request");

    queue(nc);
    ok("queue");

    headers(nc);
    ok("headers");

    expect("no responders", natsConnection_RequestString(&nobody, nc, "interop.nobody", "", PATIENCE) == NATS_NO_RESPONDERS);
    ok("no-responders");

    drain(nc, url);
    ok("drain");

    puts("restart");
    fflush(stdout);
    wait_for("reconnect", &reconnects, 1);
    request(nc, "still there", "still there, yes");
    ok("reconnect");

    natsSubscription_Destroy(service);
    natsConnection_Destroy(nc);
    natsOptions_Destroy(options);
    nats_Close();
    return 0;
}
