//! Posts: one thread for each incident on each account, each in its language, and none twice.

use domain::{ChannelKind, Language};
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::on_both;
use scenarios::update::Update;
use scenarios::waiting::until;
use scenarios::world::account_name;
use serde_json::json;
use simulator::{Channel, Fault, FaultKind, Post, Simulator};
use std::time::Duration;

fn long(words: &str) -> String {
    format!("{}{{link}}", words.repeat(18))
}

fn long_post() -> Update {
    let words = json!({"en": long("Keep your appointment unless we contact you. "), "cy": long("Cadwch eich apwyntiad oni bai ein bod yn cysylltu. ")});
    Update::first().on(&[ChannelKind::Mastodon]).with("post", words)
}

/// The posts of one account, oldest first.
fn thread(simulator: &Simulator, language: Language) -> Vec<Post> {
    let mut posts = simulator.posts();
    posts.retain(|post| *post.account == *account_name(language));
    posts.sort_by_key(|post| post.id.parse::<u64>().unwrap_or_default());
    posts
}

on_both! {
    async fn an_incident_is_one_thread_on_each_account(db: Database) {
        let app = Installation::with(db).start().await;
        let first = app.publish(&long_post()).await;
        app.until_done(first.broadcast).await;
        let next = Update::next().on(&[ChannelKind::Mastodon]).with("post", json!({"en": "The cause is found.", "cy": "Mae'r achos yn hysbys."}));
        let next = app.publish_next(first.incident, &next).await;
        app.until_done(next.broadcast).await;
        let other = app.publish(&Update::first().on(&[ChannelKind::Mastodon])).await;
        app.until_done(other.broadcast).await;

        for language in Language::ALL {
            let posts = thread(&app.world.simulator, language);
            let (about_first, about_other) = posts.split_at(posts.len() - 1);
            assert!(about_first.len() >= 3, "{language}: two parts or more, and the next update");
            for pair in about_first.windows(2) {
                assert_eq!(pair[1].in_reply_to.as_ref(), Some(&pair[0].id), "{language}: each part answers the one before");
            }
            assert!(about_first[0].in_reply_to.is_none() && about_other[0].in_reply_to.is_none());
            assert!(posts.iter().all(|post| post.language.as_deref() == Some(language.code())));
            assert_eq!(&*posts[0].visibility, "public");
        }
        assert_eq!(app.world.simulator.totals(Channel::Mastodon).repeats, 0);
    }
}

on_both! {
    async fn a_post_whose_answer_was_lost_is_not_posted_twice(db: Database) {
        let app = Installation::start(db).await;
        let fault = Fault::new(Channel::Mastodon, FaultKind::AcceptThenTimeout);
        app.world.simulator.set_fault(Fault { lasts: Some(Duration::from_secs(3)), ..fault });
        let published = app.publish(&long_post()).await;
        until("both threads are complete", async || {
            let posts = app.progress(published.broadcast, ChannelKind::Mastodon).await;
            posts.remaining == 0 && posts.sent == posts.audience
        })
        .await;
        for language in Language::ALL {
            let posts = thread(&app.world.simulator, language);
            let mut texts: Vec<_> = posts.iter().map(|post| post.text.clone()).collect();
            texts.dedup();
            assert_eq!(texts.len(), posts.len(), "{language}");
        }
        assert_eq!(app.world.simulator.totals(Channel::Mastodon).repeats, 0);
    }
}
