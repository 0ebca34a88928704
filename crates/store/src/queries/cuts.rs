//! The sending order, cut into ranges of about a thousand people before anybody publishes: kept in the background, and
//! copied by a publication. Also the counts of what people chose, which spare a preview from counting everybody.

use std::collections::BTreeMap;

use domain::{ChannelKind, Language};
use sea_orm::{QueryResult, Value};

use super::state::{CHUNK_EXPIRED, CHUNK_SUPERSEDED, SUBSCRIBER_ACTIVE};
use crate::column::{ROWS_AT_ONCE, get};
use crate::handles::Store;
use crate::{Reads, StoreError, Tx};

/// Channels with subscribers.
pub(crate) const CUT_CHANNELS: [ChannelKind; 2] = [ChannelKind::Sms, ChannelKind::Email];

/// People in a new range, the most before it is cut in two, and the fewest before it joins the next one.
const PEOPLE: i64 = 1_000;
const MOST: i64 = 2 * PEOPLE;
const FEWEST: i64 = PEOPLE / 5;

/// Ranges that are made, counted, or looked at in one step.
const AT_ONCE: usize = 50;

/// Chunks whose people are counted in one transaction: others wait for it on SQLite.
const COUNTED_AT_ONCE: u32 = 25;

/// What makes PostgreSQL let one process at a time change ranges, and nobody while they are copied.
const LOCK: &str = "7498239472";

/// A range of the sending order of one channel and one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    pub(crate) low: i64,
    pub(crate) high: i64,
    /// How many there were at the last count.
    pub(crate) people: i64,
}

/// What somebody chose: areas, and the least severity.
type Choice = (i64, i16);

impl Store {
    /// Makes ranges of the people who came since the last time; fewer than a range has are left for later. Returns how
    /// many ranges are new.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn extend_cuts(&self) -> Result<usize, StoreError> {
        let mut new = 0;
        for kind in CUT_CHANNELS {
            for language in Language::ALL {
                loop {
                    let after = self.last_cut(kind, language).await?;
                    let cuts = self.next_cuts(kind, language, after).await?;
                    if cuts.is_empty() {
                        break;
                    }
                    new += cuts.len();
                    self.add_cuts((kind, language), after, &cuts).await?;
                }
            }
        }
        Ok(new)
    }

    /// Counts the people of every range anew, cuts what has grown, and joins what has shrunk. Nothing is locked while it
    /// counts; what somebody else has changed meanwhile stays as it is until the next time.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn recount_cuts(&self) -> Result<(), StoreError> {
        for kind in CUT_CHANNELS {
            for language in Language::ALL {
                let before = self.cuts(kind, language).await?;
                let (counted, reach) = self.counted((kind, language), &before).await?;
                let after = self.reshaped((kind, language), counted).await?;
                let tx = self.begin().await?;
                tx.lock_cuts().await?;
                if tx.cuts(kind, language).await? == before {
                    tx.replace_cuts((kind, language), &before, &after).await?;
                    tx.replace_reach((kind, language), &reach).await?;
                    tx.commit().await?;
                }
            }
        }
        Ok(())
    }

    /// Counts the people of some chunks of which only an estimate is known, and returns how many chunks that were.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn count_estimated_chunks(&self) -> Result<usize, StoreError> {
        let sql = format!("SELECT id FROM chunk WHERE estimated = 1 ORDER BY id LIMIT {COUNTED_AT_ONCE}");
        let rows = self.rows(sql, []).await?;
        if !rows.is_empty() {
            let tx = self.begin().await?;
            for row in &rows {
                tx.count_audience(get(row, "id")?).await?;
            }
            tx.commit().await?;
        }
        Ok(rows.len())
    }

    /// The next full ranges behind an id.
    async fn next_cuts(&self, kind: ChannelKind, language: Language, after: i64) -> Result<Vec<Cut>, StoreError> {
        let (mut cuts, mut after) = (Vec::new(), after);
        while cuts.len() < AT_ONCE {
            let Some(high) = self.id_at(kind, language, (after, PEOPLE - 1)).await? else { break };
            cuts.push(Cut { low: after + 1, high, people: PEOPLE });
            after = high;
        }
        Ok(cuts)
    }

    async fn add_cuts(&self, of: (ChannelKind, Language), after: i64, cuts: &[Cut]) -> Result<(), StoreError> {
        let Some(last) = cuts.last() else { return Ok(()) };
        let tx = self.begin().await?;
        tx.lock_cuts().await?;
        if tx.last_cut(of.0, of.1).await? == after {
            tx.put_cuts(of, cuts).await?;
            let sql = format!(
                "INSERT INTO cut_reach (channel, language, areas, min_severity, people)
                 SELECT channel, language, areas, min_severity, COUNT(*) FROM subscriber
                 WHERE channel = $1 AND language = $2 AND state = {SUBSCRIBER_ACTIVE} AND id > $3 AND id <= $4
                 GROUP BY channel, language, areas, min_severity
                 ON CONFLICT (channel, language, areas, min_severity)
                 DO UPDATE SET people = cut_reach.people + excluded.people"
            );
            let values: [Value; 4] = [of.0.number().into(), of.1.number().into(), after.into(), last.high.into()];
            tx.run(sql, values).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// The same ranges with the people that are in them now, and what they chose.
    async fn counted(
        &self,
        (kind, language): (ChannelKind, Language),
        cuts: &[Cut],
    ) -> Result<(Vec<Cut>, BTreeMap<Choice, i64>), StoreError> {
        let sql = format!(
            "SELECT cut.low AS low, subscriber.areas AS areas, subscriber.min_severity AS least, COUNT(*) AS n
             FROM cut JOIN subscriber ON subscriber.channel = cut.channel AND subscriber.language = cut.language
                 AND subscriber.state = {SUBSCRIBER_ACTIVE} AND subscriber.id >= cut.low AND subscriber.id <= cut.high
             WHERE cut.channel = $1 AND cut.language = $2 AND cut.low >= $3 AND cut.low <= $4
             GROUP BY cut.low, subscriber.areas, subscriber.min_severity"
        );
        let (mut people, mut reach) = (BTreeMap::new(), BTreeMap::new());
        for some in cuts.chunks(AT_ONCE) {
            let (Some(first), Some(last)) = (some.first(), some.last()) else { break };
            let values: [Value; 4] =
                [kind.number().into(), language.number().into(), first.low.into(), last.low.into()];
            for row in self.rows(sql.clone(), values).await? {
                let n: i64 = get(&row, "n")?;
                *people.entry(get::<i64>(&row, "low")?).or_insert(0) += n;
                *reach.entry((get(&row, "areas")?, get(&row, "least")?)).or_insert(0) += n;
            }
        }
        let counted = |cut: &Cut| Cut { people: people.get(&cut.low).copied().unwrap_or_default(), ..*cut };
        Ok((cuts.iter().map(counted).collect(), reach))
    }

    /// Joins neighbours of which one is too small, and cuts in two what is too large.
    async fn reshaped(&self, of: (ChannelKind, Language), cuts: Vec<Cut>) -> Result<Vec<Cut>, StoreError> {
        let mut halved = Vec::with_capacity(cuts.len());
        for cut in joined(cuts) {
            let middle = cut.people / 2;
            let place = (cut.low - 1, middle - 1);
            let high = if cut.people > MOST { self.id_at(of.0, of.1, place).await? } else { None };
            match high.filter(|high| *high < cut.high) {
                Some(high) => halved.extend([
                    Cut { high, people: middle, ..cut },
                    Cut { low: high + 1, people: cut.people - middle, ..cut },
                ]),
                None => halved.push(cut),
            }
        }
        Ok(halved)
    }
}

/// The same ranges, those with too few people joined to the one before.
fn joined(cuts: Vec<Cut>) -> Vec<Cut> {
    let mut joined: Vec<Cut> = Vec::with_capacity(cuts.len());
    for cut in cuts {
        match joined.last_mut() {
            Some(last) if last.people.min(cut.people) < FEWEST && last.people + cut.people <= MOST => {
                last.high = cut.high;
                last.people += cut.people;
            }
            _ => joined.push(cut),
        }
    }
    joined
}

impl Reads {
    /// The ranges of a channel and a language, in order.
    pub(crate) async fn cuts(&self, kind: ChannelKind, language: Language) -> Result<Vec<Cut>, StoreError> {
        let sql = "SELECT low, high, people FROM cut WHERE channel = $1 AND language = $2 ORDER BY low";
        let cut =
            |row: &QueryResult| Ok(Cut { low: get(row, "low")?, high: get(row, "high")?, people: get(row, "people")? });
        self.rows(sql, [kind.number().into(), language.number().into()]).await?.iter().map(cut).collect()
    }

    /// Where the last range ends; 0 before the first.
    pub(crate) async fn last_cut(&self, kind: ChannelKind, language: Language) -> Result<i64, StoreError> {
        let sql = "SELECT high FROM cut WHERE channel = $1 AND language = $2 ORDER BY low DESC LIMIT 1";
        let row = self.row(sql, [kind.number().into(), language.number().into()]).await?;
        row.map_or(Ok(0), |row| get(&row, "high"))
    }

    /// The id of the person with so many others between them and the id `after`.
    async fn id_at(
        &self,
        kind: ChannelKind,
        language: Language,
        (after, others): (i64, i64),
    ) -> Result<Option<i64>, StoreError> {
        let sql = format!(
            "SELECT id FROM subscriber
             WHERE channel = $1 AND language = $2 AND state = {SUBSCRIBER_ACTIVE} AND id > $3
             ORDER BY id LIMIT 1 OFFSET $4"
        );
        let values: [Value; 4] = [kind.number().into(), language.number().into(), after.into(), others.into()];
        self.row(sql, values).await?.map(|row| get(&row, "id")).transpose()
    }
}

impl Tx {
    /// Counts whom a chunk concerns now. When the rest of it has ended already, whoever was spared is counted by that.
    pub(crate) async fn count_audience(&self, chunk: i64) -> Result<(), StoreError> {
        let spared = |counter: &str, state: i16| {
            format!(
                "{counter} = CASE WHEN chunk.state <> {state} THEN {counter}
                     WHEN {counter} + counted.n > audience THEN {counter} + counted.n - audience ELSE 0 END"
            )
        };
        let sql = format!(
            "UPDATE chunk SET estimated = 0, audience = counted.n, {superseded}, {expired}
             FROM (SELECT COUNT(subscriber.id) AS n
                 FROM chunk AS this JOIN broadcast ON broadcast.id = this.broadcast
                 LEFT JOIN subscriber ON subscriber.channel = this.channel AND subscriber.language = this.language
                     AND subscriber.state = {SUBSCRIBER_ACTIVE}
                     AND subscriber.id >= this.low AND subscriber.id <= this.high
                     AND subscriber.min_severity <= broadcast.severity AND (subscriber.areas & broadcast.areas) <> 0
                 WHERE this.id = $1) AS counted
             WHERE chunk.id = $1 AND chunk.estimated = 1",
            superseded = spared("n_superseded", CHUNK_SUPERSEDED),
            expired = spared("n_expired", CHUNK_EXPIRED),
        );
        self.run(sql, [chunk.into()]).await?;
        Ok(())
    }

    /// Nobody changes ranges until the end of this transaction: a reader of two of them would miss people between.
    pub(crate) async fn hold_cuts(&self) -> Result<(), StoreError> {
        if !self.is_sqlite() {
            self.row(format!("SELECT pg_advisory_xact_lock_shared({LOCK})"), []).await?;
        }
        Ok(())
    }

    async fn lock_cuts(&self) -> Result<(), StoreError> {
        if !self.is_sqlite() {
            self.row(format!("SELECT pg_advisory_xact_lock({LOCK})"), []).await?;
        }
        Ok(())
    }

    async fn put_cuts(&self, (kind, language): (ChannelKind, Language), cuts: &[Cut]) -> Result<(), StoreError> {
        for some in cuts.chunks(ROWS_AT_ONCE) {
            let sql = format!(
                "INSERT INTO cut (channel, language, low, high, people) VALUES {}
                 ON CONFLICT (channel, language, low) DO UPDATE SET high = excluded.high, people = excluded.people",
                self.tuples(some.len(), 5)
            );
            let row = |cut: &Cut| -> [Value; 5] {
                [kind.number().into(), language.number().into(), cut.low.into(), cut.high.into(), cut.people.into()]
            };
            self.run(sql, some.iter().flat_map(row)).await?;
        }
        Ok(())
    }

    async fn replace_cuts(&self, of: (ChannelKind, Language), before: &[Cut], after: &[Cut]) -> Result<(), StoreError> {
        let sql = "DELETE FROM cut WHERE channel = $1 AND language = $2 AND low = $3";
        for gone in before.iter().filter(|cut| after.binary_search_by_key(&cut.low, |one| one.low).is_err()) {
            self.run(sql, [of.0.number().into(), of.1.number().into(), gone.low.into()]).await?;
        }
        let is_new =
            |cut: &&Cut| before.binary_search_by_key(&cut.low, |one| one.low).map(|at| before[at]) != Ok(**cut);
        let new: Vec<Cut> = after.iter().filter(is_new).copied().collect();
        self.put_cuts(of, &new).await
    }

    async fn replace_reach(
        &self,
        (kind, language): (ChannelKind, Language),
        reach: &BTreeMap<Choice, i64>,
    ) -> Result<(), StoreError> {
        let of: [Value; 2] = [kind.number().into(), language.number().into()];
        self.run("DELETE FROM cut_reach WHERE channel = $1 AND language = $2", of.clone()).await?;
        let rows: Vec<_> = reach.iter().collect();
        for some in rows.chunks(ROWS_AT_ONCE) {
            let sql = format!(
                "INSERT INTO cut_reach (channel, language, areas, min_severity, people) VALUES {}",
                self.tuples(some.len(), 5)
            );
            let row = |((areas, least), people): &(&Choice, &i64)| -> [Value; 5] {
                [kind.number().into(), language.number().into(), (*areas).into(), (*least).into(), (**people).into()]
            };
            self.run(sql, some.iter().flat_map(row)).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cuts(people: &[i64]) -> Vec<Cut> {
        (0..)
            .zip(people)
            .map(|(place, people)| Cut { low: place * 10, high: place * 10 + 9, people: *people })
            .collect()
    }

    #[test]
    fn what_has_shrunk_joins_a_neighbour_and_leaves_no_gap() {
        let all = joined(cuts(&[1_000, 100, 50, 900, 2_000, 0]));
        assert!(all.windows(2).all(|pair| pair[0].high + 1 == pair[1].low));
        assert_eq!(all.iter().map(|cut| cut.people).collect::<Vec<_>>(), [1_150, 900, 2_000]);
        assert_eq!((all[0].low, all[2].high), (0, 59));
    }
}
