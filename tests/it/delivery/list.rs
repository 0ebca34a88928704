//! The list: one test for each fault that other programs of this kind are known for. Who asks whether we have it, too,
//! finds its name here.

use scenarios::databases::Database;
use scenarios::on_both;

use super::*;

on_both! {
    async fn kill_9_at_random_moments_with_a_ledger(db: Database) {
        killed::notifiers_at_random_moments(db).await;
    }
}

on_both! {
    async fn pause_and_resume_again_and_again(db: Database) {
        pauses::again_and_again(db).await;
    }
}

on_both! {
    async fn something_newer_in_the_middle_of_sending(db: Database) {
        overtaken::over_in_the_middle_of_it_has_begun(db).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_of_which_one_was_frozen_for_two_leases() {
    // A SQLite file has one notifier: another is refused.
    if let Some(db) = Database::postgres().await {
        frozen::longer_than_its_lease(&db).await;
    }
}

on_both! {
    async fn a_provider_that_accepts_and_then_times_out(db: Database) {
        faults::a_lost_answer(db).await;
    }
}

on_both! {
    async fn a_storm_of_429(db: Database) {
        faults::a_storm(db).await;
    }
}

on_both! {
    async fn one_of_two_providers_dead(db: Database) {
        two_providers::one_dies_in_the_middle(db).await;
    }
}

on_both! {
    async fn receipts_before_the_commit(db: Database) {
        early::reports_before_their_texts_are_written_down(db).await;
    }
}

on_both! {
    async fn decomposed_welsh(db: Database) {
        words::decomposed(db).await;
    }
}

on_both! {
    async fn texts_of_160_and_161_or_70_and_71_letters_and_signs_of_two_places_on_the_last(db: Database) {
        words::at_the_edge_of_a_part(db).await;
    }
}

#[test]
fn numbers_that_look_like_mobiles_070_076_guernsey_and_those_of_television() {
    words::numbers_that_look_like_mobiles();
}

on_both! {
    async fn looking_at_the_way_out_changes_nothing(db: Database) {
        mails::one_click_leaves_and_looking_does_not(db).await;
    }
}

on_both! {
    async fn a_relay_that_acknowledges_40_ms_late(db: Database) {
        relays::acknowledging_late(db).await;
    }
}

on_both! {
    async fn half_of_the_recipients_refused_with_550_without_reconnects(db: Database) {
        relays::refusing_every_second(db).await;
    }
}

on_both! {
    async fn millions_of_made_up_people(db: Database) {
        synthetic::a_broadcast_that_nobody_gets(db).await;
    }
}

// What else a ledger has to bear.

on_both! {
    async fn nothing_leaves_a_second_after_a_pause(db: Database) {
        pause::at_a_high_rate(db).await;
    }
}

on_both! {
    async fn nothing_leaves_a_second_after_it_was_cancelled(db: Database) {
        pause::cancelled_at_a_high_rate(db).await;
    }
}

on_both! {
    async fn nothing_old_leaves_a_second_after_something_newer(db: Database) {
        pause::overtaken_at_a_high_rate(db).await;
    }
}

on_both! {
    async fn a_database_that_is_away_longer_than_a_lease(db: Database) {
        outages::longer_than_a_lease(db).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_server_that_is_killed_and_started_again() {
    // A SQLite file has no server; the process that writes it is killed above.
    outages::of_a_server_that_is_killed().await;
}

on_both! {
    async fn connections_refused_for_a_minute(db: Database) {
        refused::in_the_middle(db).await;
    }
}

on_both! {
    async fn a_text_that_nobody_can_tell_about_is_counted_as_unknown(db: Database) {
        faults::nobody_can_tell(db).await;
    }
}
