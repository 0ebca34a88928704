//! The numbers that staff watch while messages go out.

use std::collections::BTreeMap;

use scenarios::databases::Database;
use scenarios::on_both;
use serde_json::json;

use super::desk::*;

on_both! {
    async fn the_counts_of_a_broadcast_add_up_to_its_audience(db: Database) {
        let desk = Desk::open(db).await;
        let first = desk.draft("mari", serious()).await;
        let incident = desk.published(&first).await.body["incident"].as_str().unwrap().to_owned();
        let mari = desk.signed_in("mari").await;
        let page = mari.get(&format!("/incidents/{incident}")).await;
        let counts = tables(&page.body).remove(0);
        assert_eq!(counts["E-mail"]["To come"], 3, "nothing has left yet: {counts:?}");
        assert!(!page.body.contains("Overtaken"), "no row stands empty");

        let next = json!({"phase": "identified", "next_update_by": "2018-01-24T14:00:00Z"});
        let next = desk.post("mari", &format!("/incidents/{incident}/revisions"), next).await;
        desk.published(next.body["id"].as_str().unwrap()).await;
        let page = mari.get(&format!("/incidents/{incident}")).await;
        let tables = tables(&page.body);
        assert_eq!(tables.len(), 2, "one for each update");
        assert_eq!(tables[1]["E-mail"]["Overtaken by a newer update"], 3, "{tables:?}");
        for (channel, counts) in tables.iter().flatten() {
            let parts = counts.iter().filter(|(column, _)| !matches!(column.as_str(), "For" | "Of these delivered"));
            assert_eq!(parts.map(|(_, count)| count).sum::<u64>(), counts["For"], "{channel}: {counts:?}");
        }
    }
}

/// Each table of a page: channel, name of the count, count.
fn tables(body: &str) -> Vec<BTreeMap<String, BTreeMap<String, u64>>> {
    let cells = |row: &str, tag: &str| -> Vec<String> {
        let cells = row.split(tag).skip(1).filter_map(|cell| cell.split_once('>'));
        // A narrow phone repeats the name of the channel in front of the count.
        let words = |text: &str| text.split("</t").next().and_then(|text| text.rsplit('>').next().map(str::to_owned));
        cells.filter_map(|(_, text)| words(text)).collect()
    };
    let tables = body.split("<table").skip(1).map(|table| table.split("</table>").next().unwrap_or_default());
    tables
        .map(|table| {
            let mut rows = table.split("<tr>").skip(1);
            let head = cells(rows.next().unwrap(), "<th");
            let mut channels: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
            for row in rows {
                let name = cells(row, "<th").remove(0);
                for (channel, count) in head.iter().skip(1).zip(cells(row, "<td")) {
                    channels.entry(channel.clone()).or_default().insert(name.clone(), count.parse().unwrap());
                }
            }
            channels
        })
        .collect()
}
