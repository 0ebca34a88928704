//! What holds for every text, tried on thousands of made-up ones.

use super::*;

const PIECES: [&str; 34] = [
    "a",
    "tŷ",
    "ŵyn",
    "w\u{302}",
    "Mae",
    "cofnodion",
    "araf",
    "Dr.",
    "e.e.",
    "St.",
    "10.30",
    "2.1",
    ".",
    "!",
    "?",
    ", ",
    "; ",
    " – ",
    "…",
    "\n",
    "\r\n\r\n",
    "\n\n\n\n",
    "\t",
    "\u{a0}",
    "“Ie.” ",
    "(na)",
    "👩‍⚕️",
    "😀",
    "🇬🇧",
    "1\u{fe0f}\u{20e3}",
    "https://status.example.wales/i/42",
    "http://a.example/x_(y).",
    "@nel@social.example",
    "gairhiriawniawniawn",
];

/// The generator of Numerical Recipes: the same texts on every machine and every day.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn text(&mut self) -> String {
        let mut text = String::new();
        for _ in 0..=self.below(120) {
            text.push_str(PIECES[self.below(PIECES.len())]);
            if self.below(3) > 0 {
                text.push(' ');
            }
        }
        text
    }

    fn limit(&mut self) -> Limit {
        let max = 60 + self.below(200);
        match self.below(3) {
            0 => Limit::plain(max),
            1 => Limit::mastodon(max, 23),
            _ => Limit { max, counting: Counting::Bluesky },
        }
    }
}

fn without_space(text: &str) -> String {
    text.chars().filter(|character| !character.is_whitespace()).collect()
}

/// The parts without their counters, which must be right.
fn bodies(parts: &[String]) -> Vec<&str> {
    if let [only] = parts {
        return vec![only];
    }
    let body = |(index, part): (usize, &'_ String)| -> usize {
        let counter = format!(" {}/{}", index + 1, parts.len());
        assert!(part.ends_with(&counter), "{part:?} should end in {counter:?}");
        part.len() - counter.len()
    };
    parts.iter().enumerate().map(|pair| &pair.1[..body(pair)]).collect()
}

#[test]
fn a_thread_loses_nothing_and_keeps_within_its_limit() {
    let mut dice = Dice(20_180_124);
    let mut threads = 0;
    for _ in 0..4_000 {
        let (text, limit) = (dice.text(), dice.limit());
        let Ok(parts) = split(&text, &limit) else {
            assert!(normalise(&text).is_empty() || limit.weight(&text) > limit.max, "{text:?}");
            continue;
        };
        let bodies = bodies(&parts);
        assert_eq!(without_space(&bodies.concat()), without_space(&normalise(&text)), "{text:?}");
        assert!(bodies.iter().all(|body| !body.trim().is_empty()), "a part is only a number: {parts:?}");
        assert!(parts.iter().all(|part| limit.fits(part)), "over {limit:?}: {parts:?}");
        let whole = |part: &str| part.matches("https://status.example.wales/i/42").count();
        let addresses: usize = bodies.iter().map(|body| whole(body)).sum();
        assert_eq!(addresses, whole(&normalise(&text)), "an address was cut: {parts:?}");
        assert_eq!(split(&text, &limit).as_ref(), Ok(&parts), "a second run differs");
        threads += usize::from(parts.len() > 1);
    }
    assert!(threads > 1_000, "only {threads} threads; the test tests too little");
}
