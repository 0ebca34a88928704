//! Areas of bodies that do not exist today are not offered, by the form or by a text.

use chrono::NaiveDate;
use scenarios::databases::Database;
use scenarios::installation::Installation;
use scenarios::on_both;
use scenarios::waiting::until;

use super::reader::Reader;

on_both! {
    async fn only_areas_of_bodies_that_exist_today_can_be_chosen(db: Database) {
        let app = Installation::with(db).without_notifier().start().await;
        let day = |text: &str| Some(text.parse::<NaiveDate>().unwrap());
        let mut catalogue = app.store().catalogue().await.unwrap();
        for one in &mut catalogue.organisations {
            match one.key.as_str() {
                // It is 24 January 2018.
                "pthb" => one.valid_until = day("2018-01-23"),
                "sbuhb" => one.valid_from = day("2018-01-25"),
                "abuhb" => (one.valid_from, one.valid_until) = (day("2018-01-24"), day("2018-01-24")),
                _ => {}
            }
        }
        let tx = app.store().begin().await.unwrap();
        tx.save_catalogue(&catalogue).await.unwrap();
        tx.touch_publication().await.unwrap();
        tx.commit().await.unwrap();
        let reader = Reader::of(&app);
        let offers = |body: &str, key: &str| body.contains(&format!("value=\"{key}\""));
        until("the form offers what exists", async || {
            let form = reader.open("/en/alerts").await.body;
            offers(&form, "abuhb") && !offers(&form, "pthb") && !offers(&form, "sbuhb")
        })
        .await;
    }
}
