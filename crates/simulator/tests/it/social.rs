//! The stories of posts: once each, in the right language, answering the right one.

use crate::world::{NEL, World, world};
use http::StatusCode;
use serde_json::{Value, json};
use simulator::{Channel, Fault, FaultKind};

async fn post(world: &World, key: &str, body: &Value) -> (StatusCode, Value) {
    let request = world.client.post(format!("{}/api/v1/statuses", world.url)).bearer_auth("cy-token");
    let answer = request.header("Idempotency-Key", key).json(body).send().await.unwrap();
    (answer.status(), answer.json().await.unwrap())
}

#[tokio::test]
async fn the_same_key_posts_once() {
    let world = world().await;
    let body = json!({"status": "Mae’r gwasanaeth yn ôl", "language": "cy", "visibility": "public"});
    let (_, first) = post(&world, "inc42-u3-cy", &body).await;
    let (status, second) = post(&world, "inc42-u3-cy", &body).await;
    assert_eq!((status, &first["id"]), (StatusCode::OK, &second["id"]));
    assert_eq!(world.simulator.totals(Channel::Mastodon).accepted, 1);
    post(&world, "inc42-u4-cy", &body).await;
    assert_eq!(world.simulator.totals(Channel::Mastodon).repeats, 1);
    let posts = world.json("/posts.json?to=statws").await;
    assert_eq!((&posts["count"], &posts["posts"][0]["language"]), (&2.into(), &"cy".into()));
}

#[tokio::test]
async fn a_thread_hangs_together_and_is_found_in_the_timeline() {
    let world = world().await;
    let (_, first) = post(&world, "1", &json!({"status": "1/2"})).await;
    let (_, second) = post(&world, "2", &json!({"status": "2/2", "in_reply_to_id": first["id"]})).await;
    assert_eq!(second["in_reply_to_id"], first["id"]);
    let (missing, _) = post(&world, "3", &json!({"status": "x", "in_reply_to_id": "1"})).await;
    assert_eq!(missing, StatusCode::NOT_FOUND);
    let verify = world.client.get(format!("{}/api/v1/accounts/verify_credentials", world.url)).bearer_auth("cy-token");
    let account: Value = verify.send().await.unwrap().json().await.unwrap();
    assert_eq!(account["username"], "statws");
    let path = format!("/api/v1/accounts/{}/statuses?limit=40", account["id"].as_str().unwrap());
    let timeline = world.json(&path).await;
    assert_eq!(timeline.as_array().unwrap().iter().map(|post| &post["text"]).collect::<Vec<_>>(), ["2/2", "1/2"]);
    let page = world.client.get(first["url"].as_str().unwrap().replace("http://127.0.0.1:8082", &world.url));
    assert_eq!(page.send().await.unwrap().status(), StatusCode::OK);
}

#[tokio::test]
async fn what_mastodon_would_refuse_is_refused() {
    let world = world().await;
    let exact = format!("{} https://status.example.wales/a/very/long/address/indeed", "ŵ".repeat(476));
    assert_eq!(post(&world, "fits", &json!({"status": exact})).await.0, StatusCode::OK);
    let cases = [
        json!({"status": format!("{exact}!")}),
        json!({"status": " "}),
        json!({"status": "x", "visibility": "loud"}),
        json!({"status": {"not": "words"}}),
    ];
    for case in cases {
        let (status, answer) = post(&world, &case.to_string().replace('ŵ', "w"), &case).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{case}");
        assert!(answer["error"].is_string());
    }
    let request = world.client.post(format!("{}/api/v1/statuses", world.url)).bearer_auth("wrong");
    assert_eq!(request.form(&[("status", "x")]).send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    assert_eq!(world.json("/api/v2/instance").await["configuration"]["statuses"]["max_characters"], 500);
}

#[tokio::test]
async fn a_form_is_as_good_as_json() {
    let world = world().await;
    let request = world.client.post(format!("{}/api/v1/statuses", world.url)).bearer_auth("en-token");
    let form = [("status", "All well <b>"), ("language", "en"), ("media_ids[]", ""), ("sensitive", "false")];
    let answer: Value = request.form(&form).send().await.unwrap().json().await.unwrap();
    assert_eq!((&answer["content"], &answer["language"]), (&"<p>All well &lt;b&gt;</p>".into(), &"en".into()));
}

#[tokio::test]
async fn a_fault_on_posts_leaves_texts_alone() {
    let world = world().await;
    world.simulator.set_fault(Fault::new(Channel::Mastodon, FaultKind::TooMany));
    assert_eq!(post(&world, "1", &json!({"status": "x"})).await.0, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(world.send(NEL, "Helo", &[]).await.unwrap().status(), StatusCode::CREATED);
}

#[tokio::test]
async fn a_bluesky_record_put_twice_is_one_post() {
    let world = world().await;
    let session = world.client.post(format!("{}/xrpc/com.atproto.server.createSession", world.url));
    let session = session.json(&json!({"identifier": "statws.example", "password": "app-password"}));
    let session: Value = session.send().await.unwrap().json().await.unwrap();
    let record = json!({"$type": "app.bsky.feed.post", "text": "Helo", "createdAt": "2018-01-24T09:30:00.000Z", "langs": ["cy"]});
    let put =
        json!({"repo": session["did"], "collection": "app.bsky.feed.post", "rkey": "3m67dclgs2222", "record": record});
    let mut cids = Vec::new();
    for _ in 0..2 {
        let request = world.client.post(format!("{}/xrpc/com.atproto.repo.putRecord", world.url));
        let answer = request.bearer_auth(session["accessJwt"].as_str().unwrap()).json(&put).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::OK);
        cids.push(answer.json::<Value>().await.unwrap()["cid"].clone());
    }
    assert_eq!(cids[0], cids[1]);
    assert_eq!(world.simulator.totals(Channel::Bluesky).accepted, 1);
    let stranger = world.client.post(format!("{}/xrpc/com.atproto.repo.putRecord", world.url)).bearer_auth("x");
    assert_eq!(stranger.json(&put).send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
}
