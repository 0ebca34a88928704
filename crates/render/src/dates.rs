//! Says times and dates as people read them in English and Welsh: the rules of both languages in one place.
//!
//! English follows the NHS and GOV.UK style (`3:05pm`, `Wednesday 24 January 2018`). Welsh uses the same clock, its own
//! names, no commas inside a date, no ordinals, and a second table of days for "on Wednesday", where the word mutates.

use chrono::{DateTime, Datelike, Duration, LocalResult, NaiveDate, NaiveTime, SecondsFormat, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use domain::Language;

use self::names::{DAYS_CY, DAYS_EN, MONTHS_CY, MONTHS_EN, ON_DAYS_CY};

mod names;

/// Words for times in one zone and one language.
#[derive(Clone, Copy, Debug)]
pub struct Dates {
    zone: Tz,
    language: Language,
}

impl Dates {
    /// Times of `zone` in the words of `language`.
    #[must_use]
    pub const fn new(zone: Tz, language: Language) -> Self {
        Self { zone, language }
    }

    /// `3:05pm`, `3pm`, `midday`, `midnight`. In the hour that autumn repeats, the zone is named: `1:30am BST`.
    #[must_use]
    pub fn time(&self, at: DateTime<Utc>) -> String {
        let local = at.with_timezone(&self.zone);
        let words = self.clock(local.time());
        match self.zone.from_local_datetime(&local.naive_local()) {
            LocalResult::Ambiguous(..) => format!("{words} {}", local.format("%Z")),
            _ => words,
        }
    }

    /// `24 January 2018`, `24 Ionawr 2018`: the day on which `at` falls in the zone.
    #[must_use]
    pub fn date(&self, at: DateTime<Utc>) -> String {
        self.date_of(self.day(at))
    }

    /// `Wednesday 24 January 2018`, `Dydd Mercher 24 Ionawr 2018`.
    #[must_use]
    pub fn day_date(&self, at: DateTime<Utc>) -> String {
        self.day_date_of(self.day(at))
    }

    /// `3:05pm, Wednesday 24 January 2018`, `3:05pm, dydd Mercher 24 Ionawr 2018`: Welsh writes the word for "day" with a
    /// small letter, unless a line begins with it.
    #[must_use]
    pub fn date_time(&self, at: DateTime<Utc>) -> String {
        let date = self.day_date(at);
        match (self.language, date.strip_prefix('D')) {
            (Language::Cy, Some(rest)) => format!("{}, d{rest}", self.time(at)),
            _ => format!("{}, {date}", self.time(at)),
        }
    }

    /// `on Wednesday 24 January 2018`, `ddydd Mercher 24 Ionawr 2018`: for the middle of a sentence.
    #[must_use]
    pub fn on_day(&self, at: DateTime<Utc>) -> String {
        self.on_day_of(self.day(at))
    }

    /// The time alone when `at` is on the same day as `reference`, else the time with its date.
    #[must_use]
    pub fn until(&self, at: DateTime<Utc>, reference: DateTime<Utc>) -> String {
        if self.day(at) == self.day(reference) { self.time(at) } else { self.date_time(at) }
    }

    /// `January 2018`, `Ionawr 2018`.
    #[must_use]
    pub fn month(&self, at: DateTime<Utc>) -> String {
        self.month_of(self.day(at))
    }

    /// `1 hour 15 minutes`, `1 awr 15 munud`; the two largest units, and never less than a minute.
    #[must_use]
    pub fn duration(&self, lasted: Duration) -> String {
        let minutes = lasted.num_minutes().max(0);
        let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
        let parts = match (days, hours, minutes) {
            (0, 0, 0) => {
                return self.choose("less than a minute", "llai na munud").to_owned();
            }
            (0, hours, minutes) => [self.hours(hours), self.minutes(minutes)],
            (days, hours, _) => [self.days(days), self.hours(hours)],
        };
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// `5 minutes ago`, `5 munud yn ôl`; the largest unit alone.
    #[must_use]
    pub fn ago(&self, at: DateTime<Utc>, now: DateTime<Utc>) -> String {
        let minutes = (now - at).num_minutes().max(0);
        let unit = match minutes {
            1440.. => self.days(minutes / 1440),
            60.. => self.hours(minutes / 60),
            _ => self.minutes(minutes),
        };
        let unit = unit.unwrap_or_else(|| self.choose("less than a minute", "llai na munud").to_owned());
        format!("{unit} {}", self.choose("ago", "yn ôl"))
    }

    /// The day on which `at` falls in the zone.
    #[must_use]
    pub fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    /// [`Dates::date`] of a day.
    #[must_use]
    pub fn date_of(&self, day: NaiveDate) -> String {
        format!("{} {}", day.day(), self.month_of(day))
    }

    /// [`Dates::day_date`] of a day.
    #[must_use]
    pub fn day_date_of(&self, day: NaiveDate) -> String {
        let names = self.choose(&DAYS_EN, &DAYS_CY);
        format!("{} {}", names[weekday(day)], self.date_of(day))
    }

    /// [`Dates::on_day`] of a day.
    #[must_use]
    pub fn on_day_of(&self, day: NaiveDate) -> String {
        match self.language {
            Language::En => format!("on {}", self.day_date_of(day)),
            Language::Cy => format!("{} {}", ON_DAYS_CY[weekday(day)], self.date_of(day)),
        }
    }

    /// [`Dates::month`] of a day.
    #[must_use]
    pub fn month_of(&self, day: NaiveDate) -> String {
        let names = self.choose(&MONTHS_EN, &MONTHS_CY);
        format!("{} {}", names[day.month0() as usize], day.year())
    }

    fn clock(&self, time: NaiveTime) -> String {
        let (afternoon, hour) = time.hour12();
        let half = if afternoon { "pm" } else { "am" };
        match (time.hour(), time.minute()) {
            (0, 0) => self.choose("midnight", "hanner nos").to_owned(),
            (12, 0) => self.choose("midday", "hanner dydd").to_owned(),
            (_, 0) => format!("{hour}{half}"),
            (_, minute) => format!("{hour}:{minute:02}{half}"),
        }
    }

    /// "diwrnod" mutates after two only: 2 ddiwrnod.
    fn days(&self, n: i64) -> Option<String> {
        self.counted(n, ["day", "days"], ["diwrnod", "ddiwrnod"])
    }

    fn hours(&self, n: i64) -> Option<String> {
        self.counted(n, ["hour", "hours"], ["awr", "awr"])
    }

    /// "munud" mutates after two only: 2 funud.
    fn minutes(&self, n: i64) -> Option<String> {
        self.counted(n, ["minute", "minutes"], ["munud", "funud"])
    }

    /// English has one form for one and another for the rest; Welsh keeps the singular and mutates it after two.
    fn counted(&self, n: i64, english: [&str; 2], welsh: [&str; 2]) -> Option<String> {
        let noun = match (self.language, n) {
            (_, 0) => return None,
            (Language::En, 1) => english[0],
            (Language::En, _) => english[1],
            (Language::Cy, 2) => welsh[1],
            (Language::Cy, _) => welsh[0],
        };
        Some(format!("{n} {noun}"))
    }

    fn choose<'a, T: ?Sized>(&self, english: &'a T, welsh: &'a T) -> &'a T {
        match self.language {
            Language::En => english,
            Language::Cy => welsh,
        }
    }
}

/// RFC 3339 in UTC to the second: `2018-01-24T15:05:00Z`, for machines.
#[must_use]
pub fn iso(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn weekday(day: NaiveDate) -> usize {
    day.weekday().num_days_from_monday() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    const EN: Dates = Dates::new(Tz::Europe__London, Language::En);
    const CY: Dates = Dates::new(Tz::Europe__London, Language::Cy);

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_time_of_day_reads_as_people_say_it() {
        let cases = [
            ("2018-01-24T15:05:00Z", "3:05pm", "3:05pm"),
            ("2018-01-24T15:00:00Z", "3pm", "3pm"),
            ("2018-01-24T12:00:00Z", "midday", "hanner dydd"),
            ("2018-01-24T00:00:00Z", "midnight", "hanner nos"),
            ("2018-01-24T12:01:00Z", "12:01pm", "12:01pm"),
            ("2018-01-24T00:30:00Z", "12:30am", "12:30am"),
            ("2018-07-01T08:00:00Z", "9am", "9am"),
        ];
        for (time, english, welsh) in cases {
            assert_eq!((EN.time(at(time)).as_str(), CY.time(at(time)).as_str()), (english, welsh), "{time}");
        }
    }

    #[test]
    fn the_day_of_the_incident_reads_right_in_both_languages() {
        let moment = at("2018-01-24T15:05:00Z");
        assert_eq!(EN.date(moment), "24 January 2018");
        assert_eq!(CY.date(moment), "24 Ionawr 2018");
        assert_eq!(EN.day_date(moment), "Wednesday 24 January 2018");
        assert_eq!(CY.day_date(moment), "Dydd Mercher 24 Ionawr 2018");
        assert_eq!(EN.date_time(moment), "3:05pm, Wednesday 24 January 2018");
        assert_eq!(CY.date_time(moment), "3:05pm, dydd Mercher 24 Ionawr 2018");
        assert_eq!(EN.on_day(moment), "on Wednesday 24 January 2018");
        assert_eq!(CY.on_day(moment), "ddydd Mercher 24 Ionawr 2018");
        assert_eq!((EN.month(moment), CY.month(moment)), ("January 2018".into(), "Ionawr 2018".into()));
    }

    #[test]
    fn spring_skips_an_hour() {
        assert_eq!(EN.time(at("2018-03-25T00:59:00Z")), "12:59am");
        assert_eq!(EN.time(at("2018-03-25T01:00:00Z")), "2am");
        assert_eq!(EN.date(at("2018-03-25T23:30:00Z")), "26 March 2018");
    }

    #[test]
    fn autumn_repeats_an_hour_and_names_the_zone_so_that_the_two_differ() {
        assert_eq!(EN.time(at("2018-10-28T00:30:00Z")), "1:30am BST");
        assert_eq!(EN.time(at("2018-10-28T01:30:00Z")), "1:30am GMT");
        assert_eq!(CY.time(at("2018-10-28T01:30:00Z")), "1:30am GMT");
        assert_eq!(EN.time(at("2018-10-28T02:00:00Z")), "2am");
    }

    #[test]
    fn a_summer_evening_falls_on_the_day_that_britain_has() {
        assert_eq!(EN.day_date(at("2018-06-30T23:30:00Z")), "Sunday 1 July 2018");
        assert_eq!(CY.day_date(at("2018-06-30T23:30:00Z")), "Dydd Sul 1 Gorffennaf 2018");
    }

    #[test]
    fn a_date_is_added_only_when_the_day_differs() {
        let now = at("2018-01-24T15:45:00Z");
        assert_eq!(EN.until(at("2018-01-24T16:30:00Z"), now), "4:30pm");
        assert_eq!(CY.until(at("2018-01-25T09:00:00Z"), now), "9am, dydd Iau 25 Ionawr 2018");
    }

    #[test]
    fn durations_use_two_units_and_welsh_mutation() {
        let cases = [
            (0, "less than a minute", "llai na munud"),
            (1, "1 minute", "1 munud"),
            (2, "2 minutes", "2 funud"),
            (60, "1 hour", "1 awr"),
            (75, "1 hour 15 minutes", "1 awr 15 munud"),
            (122, "2 hours 2 minutes", "2 awr 2 funud"),
            (1440, "1 day", "1 diwrnod"),
            (2 * 1440 + 185, "2 days 3 hours", "2 ddiwrnod 3 awr"),
        ];
        for (minutes, english, welsh) in cases {
            let lasted = Duration::minutes(minutes);
            assert_eq!((EN.duration(lasted).as_str(), CY.duration(lasted).as_str()), (english, welsh));
        }
    }

    #[test]
    fn relative_times_use_one_unit() {
        let now = at("2018-01-24T15:45:00Z");
        assert_eq!(EN.ago(now, now), "less than a minute ago");
        assert_eq!(CY.ago(at("2018-01-24T15:40:00Z"), now), "5 munud yn ôl");
        assert_eq!(EN.ago(at("2018-01-24T13:30:00Z"), now), "2 hours ago");
        assert_eq!(CY.ago(at("2018-01-22T13:30:00Z"), now), "2 ddiwrnod yn ôl");
    }

    #[test]
    fn machines_get_utc_to_the_second() {
        assert_eq!(iso(at("2018-07-01T09:00:00.250+01:00")), "2018-07-01T08:00:00Z");
    }
}
