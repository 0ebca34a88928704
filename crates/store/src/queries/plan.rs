//! A broadcast becomes chunks: ranges of subscriber ids, so that three million messages are three thousand rows.
//!
//! Where there are many people the ranges exist beforehand ([`super::cuts`]) and are copied, so that a publication takes
//! as long to millions as to thousands. How many of a range an update concerns is then an estimate, until somebody
//! counts them: whoever sends to the range, or before that the notifier's housekeeping, within seconds.

use std::collections::BTreeMap;

use domain::delivery::Broadcast;
use domain::{Audience, ChannelKind, Language, Severity};
use sea_orm::{QueryResult, Value};

use super::cuts::{CUT_CHANNELS, Cut};
use super::state::{CHUNK_OPEN, SUBSCRIBER_ACTIVE};
use crate::column::{ROWS_AT_ONCE, channel, get, language};
use crate::watch::Wake;
use crate::{Reads, StoreError, Tx};

/// Up to so many people a walk past all of them takes a few milliseconds, and is exact.
const FEW: i64 = 20_000;

/// Columns of a new chunk.
const COLUMNS: usize = 16;

/// The people of channel `$1` from severity `$2` in areas `$3` who read language `$5` and have ids above `$6`, cut into
/// slices of `$4`.
fn slices() -> String {
    // One walk over the index of the sending order; the window gives each person their place in line.
    format!(
        "SELECT slice, MIN(id) AS low, MAX(id) AS high, COUNT(*) AS audience
         FROM (SELECT id, (ROW_NUMBER() OVER (ORDER BY id) - 1) / $4 AS slice
               FROM subscriber
               WHERE channel = $1 AND language = $5 AND state = {SUBSCRIBER_ACTIVE} AND id > $6
                   AND min_severity <= $2 AND (areas & $3) <> 0) AS line
         GROUP BY slice ORDER BY slice"
    )
}

/// A chunk to be.
struct Slice {
    language: Language,
    /// The place in line, so that all languages and channels move on side by side.
    number: i64,
    low: i64,
    high: i64,
    audience: i64,
    estimated: bool,
}

impl Reads {
    /// How many people an update would reach, per channel and language. Where there are many, those who changed their
    /// mind during the last minutes may not be counted so yet.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn reach(&self, audience: Audience) -> Result<BTreeMap<(ChannelKind, Language), i64>, StoreError> {
        let mut reach = BTreeMap::new();
        for kind in CUT_CHANNELS {
            let shares = self.cut_shares(kind, audience).await?;
            let is_few = are_few(&shares);
            for language in Language::ALL {
                let share = shares.get(&language).filter(|_| !is_few).copied().unwrap_or_default();
                let after = if is_few { i64::MIN } else { self.last_cut(kind, language).await? };
                let people = share.concerned + self.concerned_after(kind, language, (audience, after)).await?;
                if people > 0 {
                    reach.insert((kind, language), people);
                }
            }
        }
        Ok(reach)
    }

    /// How many active subscribers there are, per channel and language.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn subscriber_counts(&self) -> Result<BTreeMap<(ChannelKind, Language), i64>, StoreError> {
        let sql = format!(
            "SELECT channel, language, COUNT(*) AS n FROM subscriber
             WHERE state = {SUBSCRIBER_ACTIVE} GROUP BY channel, language"
        );
        counts(&self.rows(sql, []).await?)
    }

    async fn concerned_after(
        &self,
        kind: ChannelKind,
        language: Language,
        (audience, after): (Audience, i64),
    ) -> Result<i64, StoreError> {
        let sql = format!(
            "SELECT COUNT(*) AS n FROM subscriber
             WHERE channel = $1 AND language = $2 AND state = {SUBSCRIBER_ACTIVE} AND id > $3
                 AND min_severity <= $4 AND (areas & $5) <> 0"
        );
        let values: [Value; 5] = [
            kind.number().into(),
            language.number().into(),
            after.into(),
            audience.severity.level().into(),
            audience.areas.0.into(),
        ];
        self.row(sql, values).await?.map_or(Ok(0), |row| get(&row, "n"))
    }

    /// What part of the people in the ranges of a channel an update concerns, as they were last counted.
    async fn cut_shares(&self, kind: ChannelKind, audience: Audience) -> Result<BTreeMap<Language, Share>, StoreError> {
        let sql = "SELECT language, CAST(SUM(people) AS bigint) AS everybody,
                CAST(SUM(CASE WHEN min_severity <= $2 AND (areas & $3) <> 0 THEN people ELSE 0 END) AS bigint) AS n
            FROM cut_reach WHERE channel = $1 GROUP BY language";
        let values: [Value; 3] = [kind.number().into(), audience.severity.level().into(), audience.areas.0.into()];
        let share = |row: &QueryResult| {
            let share = Share { all: get(row, "everybody")?, concerned: get(row, "n")? };
            Ok((language(get(row, "language")?)?, share))
        };
        self.rows(sql, values).await?.iter().map(share).collect()
    }
}

/// How many of some people an update concerns.
#[derive(Clone, Copy, Default)]
struct Share {
    all: i64,
    concerned: i64,
}

impl Tx {
    /// Cuts the audience into chunks, in the order of their sign-up, and returns how many people each channel reaches:
    /// exactly where there are few, else about. The chunks have `chunk_size` people where there are few, else those of
    /// the ranges that exist. Only texts and mails have subscribers; other channels are left out. Who signs up later is
    /// not in any chunk. At the commit the notifiers wake up.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn plan_chunks(
        &self,
        broadcast: &Broadcast,
        channels: &[ChannelKind],
        chunk_size: u64,
    ) -> Result<BTreeMap<ChannelKind, i64>, StoreError> {
        let mut audience = BTreeMap::new();
        for kind in CUT_CHANNELS {
            if channels.contains(&kind) {
                let people = self.plan_channel(broadcast, kind, chunk_size.max(1).cast_signed()).await?;
                audience.insert(kind, people);
            }
        }
        self.announce(Wake::Work);
        Ok(audience)
    }

    async fn plan_channel(&self, broadcast: &Broadcast, kind: ChannelKind, size: i64) -> Result<i64, StoreError> {
        self.hold_cuts().await?;
        let shares = self.cut_shares(kind, broadcast.audience).await?;
        let is_few = are_few(&shares);
        let mut slices = Vec::new();
        for language in Language::ALL {
            let mut after = i64::MIN;
            if !is_few {
                let cuts = self.cuts(kind, language).await?;
                after = cuts.last().map_or(after, |last| last.high);
                slices.extend(estimated(language, &cuts, shares.get(&language).copied().unwrap_or_default()));
            }
            let number = slices.iter().filter(|slice| slice.language == language).count();
            let number = i64::try_from(number).unwrap_or(i64::MAX);
            slices.extend(self.slices_after(broadcast, (kind, language), (after, number, size)).await?);
        }
        self.insert_chunks(broadcast, kind, &slices).await?;
        Ok(slices.iter().map(|slice| slice.audience).sum())
    }

    /// Walks past everybody behind a place in the sending order.
    async fn slices_after(
        &self,
        broadcast: &Broadcast,
        (kind, language): (ChannelKind, Language),
        (after, number, size): (i64, i64, i64),
    ) -> Result<Vec<Slice>, StoreError> {
        let Audience { areas, severity } = broadcast.audience;
        let values: [Value; 6] = [
            kind.number().into(),
            severity.level().into(),
            areas.0.into(),
            size.into(),
            language.number().into(),
            after.into(),
        ];
        let slice = |row: &QueryResult| {
            Ok(Slice {
                language,
                number: number + get::<i64>(row, "slice")?,
                low: get(row, "low")?,
                high: get(row, "high")?,
                audience: get(row, "audience")?,
                estimated: false,
            })
        };
        self.rows(slices(), values).await?.iter().map(slice).collect()
    }

    async fn insert_chunks(
        &self,
        broadcast: &Broadcast,
        kind: ChannelKind,
        slices: &[Slice],
    ) -> Result<(), StoreError> {
        for some in slices.chunks(ROWS_AT_ONCE) {
            let sql = format!(
                "INSERT INTO chunk (id, broadcast, channel, language, lane, priority, low, high, cursor_id,
                     group_start, state, lease, lease_until, attempts, audience, estimated)
                 VALUES {}",
                self.tuples(some.len(), COLUMNS)
            );
            self.run(sql, some.iter().flat_map(|slice| self.chunk_values(broadcast, kind, slice))).await?;
        }
        Ok(())
    }

    fn chunk_values(&self, broadcast: &Broadcast, kind: ChannelKind, slice: &Slice) -> [Value; COLUMNS] {
        [
            self.core.env.id().into(),
            broadcast.id.into(),
            kind.number().into(),
            slice.language.number().into(),
            lane(broadcast.audience.severity).into(),
            slice.number.into(),
            slice.low.into(),
            slice.high.into(),
            (slice.low - 1).into(),
            (slice.low - 1).into(),
            CHUNK_OPEN.into(),
            0_i64.into(),
            0_i64.into(),
            0_i32.into(),
            slice.audience.into(),
            i16::from(slice.estimated).into(),
        ]
    }
}

fn are_few(shares: &BTreeMap<Language, Share>) -> bool {
    shares.values().map(|share| share.all).sum::<i64>() < FEW
}

/// One slice for each range. What is lost by rounding in one is made up for in the next, so that the sum is right.
fn estimated(language: Language, cuts: &[Cut], share: Share) -> Vec<Slice> {
    let concerned = |people: i64| i128::from(people) * i128::from(share.concerned) / i128::from(share.all.max(1));
    let mut before = 0;
    let slice = |(number, cut): (i64, &Cut)| {
        let audience = concerned(before + cut.people) - concerned(before);
        before += cut.people;
        let audience = i64::try_from(audience).unwrap_or(cut.people);
        Slice { language, number, low: cut.low, high: cut.high, audience, estimated: true }
    };
    (0..).zip(cuts).map(slice).collect()
}

/// Lane 0 belongs to direct messages.
const fn lane(severity: Severity) -> i16 {
    match severity {
        Severity::Critical | Severity::Serious => 1,
        Severity::Moderate | Severity::Minor | Severity::Info => 2,
    }
}

fn counts(rows: &[QueryResult]) -> Result<BTreeMap<(ChannelKind, Language), i64>, StoreError> {
    let one =
        |row: &QueryResult| Ok(((channel(get(row, "channel")?)?, language(get(row, "language")?)?), get(row, "n")?));
    rows.iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn estimates_of_ranges_add_up_to_the_share_of_all() {
        let cuts: Vec<Cut> = (0..7).map(|place| Cut { low: place * 10, high: place * 10 + 9, people: 1_000 }).collect();
        let slices = estimated(Language::En, &cuts, Share { all: 7_000, concerned: 1_234 });
        assert_eq!(slices.iter().map(|slice| slice.audience).sum::<i64>(), 1_234);
        assert!(slices.iter().all(|slice| (176..=177).contains(&slice.audience)));
    }
}
