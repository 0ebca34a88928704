//! The home page under load: how many bytes it takes, and how many readers one core serves, beside nginx that serves
//! the same bytes with the same headers from a file, in turns.

mod nginx;
mod publishing;
mod server;
mod wrk;

use std::collections::BTreeMap;

use anyhow::{Context, bail};

use self::server::Server;
use self::wrk::Load;
use super::databases::Kind;
use super::figure::Source;
use super::http::{Answer, Client};
use super::site::{Site, wait_for_page};
use super::statistics::{Samples, count};
use super::updates::Desk;

/// The page that is measured.
const HOME: &str = "/en/";

/// Each server gets its turn so often; the figure is the median.
const ROUNDS: usize = 5;

/// How often a round is begun anew when the page changed under it.
const TRIES: usize = 4;

const SOURCE: Source = Source { bench: "page", store: "sqlite" };

/// Measures the page of the sample incident.
///
/// # Errors
/// When nginx, wrk or taskset are not installed, or a server does not answer as it should.
pub(super) async fn run() -> anyhow::Result<()> {
    let site = Site::open(&Kind::Sqlite, 300).await?;
    let mut desk = Desk::of(&site)?;
    let revision = desk.write_sample(&site).await?;
    desk.publish_directly(&site, revision).await?;
    let ours = Server::ours(&site.parts.config, site.folder.path()).await?;
    wait_for_page(ours.address).await?;
    let whole = sizes(&ours).await?;
    let unchanged = unchanged(&ours).await?;
    let nginx = nginx::start(&whole, &unchanged, site.folder.path()).await?;
    compare(&ours, &nginx).await?;
    publishing::beside(&ours, &site, &desk).await?;
    drop((ours, nginx));
    site.close().await
}

/// Says the sizes, and gives back the answer in brotli.
async fn sizes(server: &Server) -> anyhow::Result<Answer> {
    let mut client = Client::connect(server.address).await?;
    let mut last = None;
    for coding in ["identity", "gzip", "br"] {
        let answer = client.get(HOME, &[&format!("Accept-Encoding: {coding}")]).await?;
        let got = answer.header("content-encoding").unwrap_or("identity");
        anyhow::ensure!(got == coding, "asked for {coding} and got {got}");
        SOURCE.figure(format!("body, {coding}"), (count(answer.body.len()), "bytes")).say()?;
        SOURCE
            .figure(format!("head and body, {coding}"), (count(answer.head_length + answer.body.len()), "bytes"))
            .say()?;
        last = Some(answer);
    }
    last.context("no coding was asked for")
}

/// Says how much it takes to say that nothing changed, and gives back the answer.
async fn unchanged(server: &Server) -> anyhow::Result<Answer> {
    let mut client = Client::connect(server.address).await?;
    let headers = headers(&mut client, HOME, Question::Unchanged).await?;
    let answer = ask(&mut client, HOME, &headers).await?;
    anyhow::ensure!(answer.status == 304, "the page was not known: {}", answer.status);
    SOURCE.figure("head, 304", (count(answer.head_length), "bytes")).say()?;
    Ok(answer)
}

/// What is asked of both servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Question {
    /// The page in brotli.
    Whole,
    /// Whether the page that a browser has is still right.
    Unchanged,
}

/// What one server did in all rounds.
#[derive(Default)]
struct Tally {
    rate: Samples,
    p99: Samples,
    processor: Samples,
}

async fn compare(ours: &Server, nginx: &Server) -> anyhow::Result<()> {
    let mut tallies: BTreeMap<(Question, bool), Tally> = BTreeMap::new();
    for round in 0..ROUNDS {
        // Who begins changes from round to round, so that neither always gets the warmer machine.
        let order =
            if round.is_multiple_of(2) { [(ours, true), (nginx, false)] } else { [(nginx, false), (ours, true)] };
        for question in [Question::Whole, Question::Unchanged] {
            for (server, is_ours) in order {
                let tally = tallies.entry((question, is_ours)).or_default();
                measure(server, question, tally).await?;
            }
        }
    }
    for (question, name) in [(Question::Whole, "200 brotli"), (Question::Unchanged, "304")] {
        let (own, limit) = (&tallies[&(question, true)], &tallies[&(question, false)]);
        let say = |what: &str, (own, limit): (&Samples, &Samples), unit| {
            SOURCE.figure(format!("{name}, {what}"), (own.median(), unit)).against(limit.median()).say()
        };
        say("throughput of one core", (&own.rate, &limit.rate), "requests/s")?;
        say("p99", (&own.p99, &limit.p99), "ms")?;
        say("processor time", (&own.processor, &limit.processor), "µs/request")?;
    }
    Ok(())
}

/// One round of one server.
async fn measure(server: &Server, question: Question, tally: &mut Tally) -> anyhow::Result<()> {
    let mut client = Client::connect(server.address).await?;
    let (path, expected) = match question {
        Question::Whole => (server.paths.whole, 200),
        Question::Unchanged => (server.paths.unchanged, 304),
    };
    for _ in 0..TRIES {
        let headers = headers(&mut client, path, question).await?;
        let before = server.processor_seconds()?;
        let load = Load::put(server.address, path, &headers).await?;
        let spent = server.processor_seconds()? - before;
        // Our page changes with the clock. A round in which it did was about two questions.
        if ask(&mut client, path, &headers).await?.status == expected {
            tally.rate.add(load.per_second);
            tally.p99.add(load.p99_ms);
            tally.processor.add(spent * 1e6 / load.requests);
            return Ok(());
        }
    }
    bail!("the page changes too often to be measured")
}

async fn headers(client: &mut Client, path: &str, question: Question) -> anyhow::Result<Vec<String>> {
    let coding = "Accept-Encoding: br".to_owned();
    let whole = client.get(path, &[&coding]).await?;
    let tag = whole.header("etag").context("a page without an ETag")?;
    Ok(match question {
        Question::Whole => vec![coding],
        Question::Unchanged => vec![coding, format!("If-None-Match: {tag}")],
    })
}

async fn ask(client: &mut Client, path: &str, headers: &[String]) -> anyhow::Result<Answer> {
    let lines: Vec<&str> = headers.iter().map(String::as_str).collect();
    client.get(path, &lines).await
}
