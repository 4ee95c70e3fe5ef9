//! The steps of test/interop for the Rust crate async-nats.

use std::fmt::Debug;
use std::time::Duration;

use async_nats::client::RequestErrorKind;
use async_nats::{Client, ConnectOptions, Event, HeaderMap};
use futures::StreamExt;
use tokio::sync::mpsc;
use tokio::time::timeout;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

const PATIENCE: Duration = Duration::from_secs(5);

fn ok(step: &str) {
    println!("ok {step}");
}

fn expect<T: PartialEq + Debug>(what: &str, got: T, want: T) -> Result<()> {
    if got == want {
        return Ok(());
    }
    Err(format!("{what}: got {got:?}, want {want:?}").into())
}

#[tokio::main]
async fn main() -> Result<()> {
    let url = std::env::var("NATS_URL")?;
    let (connected, mut connects) = mpsc::channel(8);
    let options = ConnectOptions::new()
        .reconnect_delay_callback(|_| Duration::from_millis(50))
        .event_callback(move |event| {
            let connected = connected.clone();
            async move {
                if event == Event::Connected {
                    connected.send(()).await.ok();
                }
            }
        });
    let client = options.connect(&url).await?;
    timeout(PATIENCE, connects.recv()).await?;
    expect("maximum payload", client.server_info().max_payload, 1_048_576)?;
    ok("connect");

    publish(&client).await?;
    ok("publish");

    let mut requests = client.subscribe("interop.service").await?;
    let responder = client.clone();
    tokio::spawn(async move {
        while let Some(request) = requests.next().await {
            let answer = [&request.payload[..], b", yes"].concat();
            if let Some(reply) = request.reply {
                responder.publish(reply, answer.into()).await.ok();
            }
        }
    });
    let answer = client.request("interop.service", "there".into()).await?;
    expect("answer", &answer.payload[..], b"there, yes")?;
    ok("request");

    queue(&client).await?;
    ok("queue");

    headers(&client).await?;
    ok("headers");

    let refused = client.request("interop.nobody", "".into()).await;
    expect(
        "no responders",
        refused.map(|_| ()).map_err(|e| e.kind()),
        Err(RequestErrorKind::NoResponders),
    )?;
    ok("no-responders");

    drain(&client, &url).await?;
    ok("drain");

    println!("restart");
    timeout(6 * PATIENCE, connects.recv()).await?;
    let answer = client.request("interop.service", "still there".into()).await?;
    expect("answer after the restart", &answer.payload[..], b"still there, yes")?;
    ok("reconnect");
    Ok(())
}

async fn publish(client: &Client) -> Result<()> {
    let mut all = client.subscribe("interop.*").await?;
    for name in ["a", "b", "c"] {
        client.publish(format!("interop.{name}"), format!("to {name}").into()).await?;
    }
    for name in ["a", "b", "c"] {
        let message = timeout(PATIENCE, all.next()).await?.ok_or("the subscription ended")?;
        expect("subject", message.subject.as_str(), &format!("interop.{name}"))?;
        expect("body", &message.payload[..], format!("to {name}").as_bytes())?;
    }
    all.unsubscribe().await?;
    Ok(())
}

async fn queue(client: &Client) -> Result<()> {
    let mut first = client.queue_subscribe("interop.queue", "workers".into()).await?;
    let mut second = client.queue_subscribe("interop.queue", "workers".into()).await?;
    for _ in 0..200 {
        client.publish("interop.queue", "".into()).await?;
    }
    let (mut of_first, mut of_second) = (0, 0);
    while of_first + of_second < 200 {
        tokio::select! {
            _ = first.next() => of_first += 1,
            _ = second.next() => of_second += 1,
            _ = tokio::time::sleep(PATIENCE) => break,
        }
    }
    expect("deliveries to the group", of_first + of_second, 200)?;
    expect("every member got some", of_first > 0 && of_second > 0, true)?;
    first.unsubscribe().await?;
    second.unsubscribe().await?;
    Ok(())
}

async fn headers(client: &Client) -> Result<()> {
    let mut carried = client.subscribe("interop.headers").await?;
    let mut sent = HeaderMap::new();
    sent.append("Kind", "one");
    sent.append("Kind", "two");
    client.publish_with_headers("interop.headers", sent.clone(), "body".into()).await?;
    let message = timeout(PATIENCE, carried.next()).await?.ok_or("the subscription ended")?;
    expect("headers", message.headers, Some(sent))?;
    expect("body", &message.payload[..], b"body")?;
    carried.unsubscribe().await?;
    Ok(())
}

async fn drain(client: &Client, url: &str) -> Result<()> {
    let other = async_nats::connect(url).await?;
    let mut waiting = other.subscribe("interop.drain").await?;
    other.flush().await?;
    for _ in 0..100 {
        client.publish("interop.drain", "".into()).await?;
    }
    client.flush().await?;
    other.drain().await?;
    let mut drained = 0;
    while timeout(PATIENCE, waiting.next()).await?.is_some() {
        drained += 1;
    }
    expect("messages before the drain", drained, 100)
}
