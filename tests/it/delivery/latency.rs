//! How soon the first phone rings.

use std::time::{Duration, Instant};

use domain::ChannelKind;
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::on_both;
use scenarios::people::People;
use scenarios::update::Update;
use simulator::Channel;

/// Half a second by contract; this build is slow and the machine may be busy with other scenarios.
const SOON: Duration = Duration::from_secs(3);

on_both! {
    async fn the_first_text_leaves_at_once_however_many_listen(db: Database) {
        let app = Installation::with(db).rate(50).start().await;
        for first in (0..100_000).step_by(20_000) {
            app.subscribe(People::phones(first, 20_000)).await;
        }
        let world = &app.world.simulator;
        let begun = Instant::now();
        let rings = async {
            let rings = world.wait_until(|world| world.totals(Channel::Sms).accepted > 0);
            tokio::time::timeout(Duration::from_secs(20), rings).await.expect("the first phone rings");
            begun.elapsed()
        };
        let update = Update::first().on(&[ChannelKind::Sms]);
        let (rang, _) = tokio::join!(rings, app.publish(&update));
        println!("100,000 phones: from the first word of the draft to the first text {rang:?}");
        assert!(rang < SOON, "{rang:?}");
    }
}
