"""The steps of test/interop for the Python package nats-py."""

import asyncio
import os

import nats
from nats.errors import NoRespondersError


def ok(step):
    print("ok", step, flush=True)


def expect(what, got, want):
    if got != want:
        raise AssertionError(f"{what}: got {got!r}, want {want!r}")


async def main():
    url = os.environ["NATS_URL"]
    reconnected = asyncio.Event()

    async def on_reconnect():
        reconnected.set()

    async def on_error(_):
        """The restart ends the connection; that is expected."""

    nc = await nats.connect(
        url,
        reconnected_cb=on_reconnect,
        error_cb=on_error,
        reconnect_time_wait=0.05,
        max_reconnect_attempts=-1,
    )
    expect("maximum payload", nc.max_payload, 1048576)
    ok("connect")

    everything = await nc.subscribe("interop.*")
    for name in "abc":
        await nc.publish(f"interop.{name}", f"to {name}".encode())
    got = [await everything.next_msg(timeout=5) for _ in range(3)]
    expect(
        "messages",
        [(m.subject, m.data) for m in got],
        [(f"interop.{name}", f"to {name}".encode()) for name in "abc"],
    )
    await everything.unsubscribe()
    ok("publish")

    async def answer(message):
        await message.respond(message.data + b", yes")

    await nc.subscribe("interop.service", cb=answer)
    reply = await nc.request("interop.service", b"there", timeout=5)
    expect("answer", reply.data, b"there, yes")
    ok("request")

    counts = [0, 0]
    full = asyncio.Event()

    def member(number):
        async def count(_):
            counts[number] += 1
            if sum(counts) == 200:
                full.set()

        return count

    group = [await nc.subscribe("interop.queue", queue="workers", cb=member(i)) for i in range(2)]
    for _ in range(200):
        await nc.publish("interop.queue")
    await asyncio.wait_for(full.wait(), 5)
    expect("every member got some", all(counts), True)
    for subscription in group:
        await subscription.unsubscribe()
    ok("queue")

    carried = await nc.subscribe("interop.headers")
    await nc.publish("interop.headers", b"body", headers={"Kind": "one"})
    message = await carried.next_msg(timeout=5)
    expect("headers", (message.headers, message.data), ({"Kind": "one"}, b"body"))
    ok("headers")

    try:
        await nc.request("interop.nobody", b"", timeout=5)
        raise AssertionError("a request to nobody was answered")
    except NoRespondersError:
        ok("no-responders")

    other = await nats.connect(url)
    drained = 0

    async def count_drained(_):
        nonlocal drained
        drained += 1

    await other.subscribe("interop.drain", cb=count_drained)
    await other.flush()
    for _ in range(100):
        await nc.publish("interop.drain")
    await nc.flush()
    await other.drain()
    expect("messages before the drain", drained, 100)
    expect("closed after the drain", other.is_closed, True)
    ok("drain")

    print("restart", flush=True)
    await asyncio.wait_for(reconnected.wait(), 30)
    reply = await nc.request("interop.service", b"still there", timeout=5)
    expect("answer after the restart", reply.data, b"still there, yes")
    ok("reconnect")
    await nc.close()


asyncio.run(main())
