//! A code comes at once, also while everybody else is told something.

use std::time::{Duration, Instant};

use domain::ChannelKind;
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::on_both;
use scenarios::people::People;
use scenarios::update::Update;
use scenarios::waiting::until;
use simulator::Channel;

use super::reader::Reader;
use super::signing_up::{code, powys};

/// How long somebody may wait for a code who stands there with the phone in hand.
const SOON: Duration = Duration::from_secs(2);

on_both! {
    async fn a_code_comes_within_two_seconds_while_a_broadcast_has_the_whole_rate(db: Database) {
        // Eighty texts are in hand at any moment: at the end of that queue a code would come after four seconds.
        let app = Installation::with(db).rate(20).configured(|config| config.authoring.chunk_size = 100).start().await;
        app.subscribe(People::phones(0, 1_000)).await;
        let published = app.publish(&Update::first().on(&[ChannelKind::Sms])).await;
        let accepted = || app.world.simulator.totals(Channel::Sms).accepted;
        until("the broadcast has begun", async || accepted() > 20).await;
        let reader = Reader::of(&app);
        for (number, e164) in [("07700 900 981", "+447700900981"), ("07700 900 982", "+447700900982")] {
            let asked = Instant::now();
            let answer = reader.send("/cy/hysbysiadau", &powys("sms", number)).await;
            assert!(answer.status.is_success(), "{}", answer.body);
            code(&app, e164, 0).await;
            println!("a code during a broadcast: {:?}", asked.elapsed());
            assert!(asked.elapsed() < SOON, "{:?}", asked.elapsed());
        }
        assert!(app.progress(published.broadcast, ChannelKind::Sms).await.remaining > 0, "it was still under way");
    }
}
