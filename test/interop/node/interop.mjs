// The steps of test/interop for a Node package whose name is the argument: "nats" or "@nats-io/transport-node".
const { connect, headers } = await import(process.argv[2]);
const servers = process.env.NATS_URL;

const ok = (step) => console.log(`ok ${step}`);
const expect = (what, got, want) => {
  if (JSON.stringify(got) !== JSON.stringify(want)) {
    throw new Error(`${what}: got ${JSON.stringify(got)}, want ${JSON.stringify(want)}`);
  }
};
// Collects the next count messages of a subscription.
const take = async (subscription, count) => {
  const messages = [];
  for await (const message of subscription) {
    messages.push(message);
    if (messages.length === count) break;
  }
  return messages;
};

const nc = await connect({ servers, reconnectTimeWait: 50, maxReconnectAttempts: -1 });
expect("maximum payload", nc.info.max_payload, 1048576);
ok("connect");

const all = nc.subscribe("interop.*", { max: 3 });
for (const name of ["a", "b", "c"]) nc.publish(`interop.${name}`, `to ${name}`);
expect("messages", (await take(all, 3)).map((m) => [m.subject, m.string()]),
  [["interop.a", "to a"], ["interop.b", "to b"], ["interop.c", "to c"]]);
ok("publish");

const service = nc.subscribe("interop.service", { callback: (_, m) => m.respond(`${m.string()}, yes`) });
expect("answer", (await nc.request("interop.service", "there", { timeout: 5000 })).string(), "there, yes");
ok("request");

const counts = [0, 0];
const members = counts.map((_, i) =>
  nc.subscribe("interop.queue", { queue: "workers", callback: () => counts[i]++ }));
for (let i = 0; i < 200; i++) nc.publish("interop.queue");
await nc.flush();
expect("deliveries to the group", counts[0] + counts[1], 200);
expect("every member got some", counts.every((n) => n > 0), true);
members.forEach((m) => m.unsubscribe());
ok("queue");

const withHeaders = nc.subscribe("interop.headers", { max: 1 });
const h = headers();
h.append("Kind", "one");
h.append("Kind", "two");
nc.publish("interop.headers", "body", { headers: h });
const [carried] = await take(withHeaders, 1);
expect("headers", [carried.headers.values("Kind"), carried.string()], [["one", "two"], "body"]);
ok("headers");

const refused = await nc.request("interop.nobody", "", { timeout: 5000 }).then(() => undefined, (err) => err);
expect("no responders", /no ?responders|503/i.test(`${refused?.name} ${refused?.code} ${refused?.message}`), true);
ok("no-responders");

const other = await connect({ servers });
let drained = 0;
const slow = other.subscribe("interop.drain", { callback: () => drained++ });
await other.flush();
for (let i = 0; i < 100; i++) nc.publish("interop.drain");
await nc.flush();
await slow.drain();
expect("messages before the drain", drained, 100);
await other.drain();
expect("closed after the drain", other.isClosed(), true);
ok("drain");

const reconnected = (async () => {
  for await (const status of nc.status()) if (status.type === "reconnect") return;
})();
console.log("restart");
await reconnected;
expect("answer after the restart", (await nc.request("interop.service", "still there", { timeout: 5000 })).string(),
  "still there, yes");
ok("reconnect");
service.unsubscribe();
await nc.close();
