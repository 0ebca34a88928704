//! Every reason why a revision may not go out yet, the finished texts included.

use chrono::{DateTime, Utc};
use domain::phase::Past;
use domain::revision::{ContentProblem, Gate, Purpose};
use domain::{Announcement, Catalogue, Content, Incident, Language, sms};
use edge::Problem;

/// What is judged.
#[derive(Clone, Copy)]
pub(crate) struct Judged<'a> {
    pub(crate) incident: &'a Incident,
    pub(crate) purpose: Purpose,
    pub(crate) content: &'a Content,
    pub(crate) past: Past,
    /// Of the incidents that it names, the numbers of those that are others and public.
    pub(crate) public: &'a [i64],
    /// The time of publication, as people read it.
    pub(crate) now: DateTime<Utc>,
    pub(crate) catalogue: &'a Catalogue,
    pub(crate) announcement: &'a Announcement,
}

impl Judged<'_> {
    /// Every reason; an empty list means that it may be published.
    pub(crate) fn problems(self) -> Vec<ContentProblem> {
        let problems = self.content.problems(self.gate());
        self.with_finished_texts(problems)
    }

    /// The reasons that even an emergency does not excuse.
    pub(crate) fn problems_in_emergency(self) -> Vec<ContentProblem> {
        let problems = self.content.problems_in_emergency(self.gate());
        self.with_finished_texts(problems)
    }

    fn gate(&self) -> Gate<'_> {
        let Self { incident, catalogue, public, past, now, .. } = *self;
        Gate { catalogue, languages: &incident.languages, kind: incident.kind, public, past, now }
    }

    /// A correction repeats the phase of what it corrects, also when nothing may follow that phase. The length of a
    /// text is known only when its link is in it.
    fn with_finished_texts(self, mut problems: Vec<ContentProblem>) -> Vec<ContentProblem> {
        let repeats = self.purpose == Purpose::Correction && self.past.phase == Some(self.content.phase);
        problems.retain(|problem| !(repeats && problem.field == "phase"));
        problems.retain(|problem| problem.code != "too-many-parts");
        for (language, text) in &self.announcement.sms {
            if sms::count(text).parts > most_parts(*language) {
                problems.push(ContentProblem { field: "sms", code: "too-many-parts", language: Some(*language) });
            }
        }
        problems
    }
}

/// Three parts in English, four in Welsh, whose letters cost more: the caps of the reference text messages.
pub(crate) const fn most_parts(language: Language) -> usize {
    match language {
        Language::Cy => 4,
        Language::En => 3,
    }
}

/// The same reason for a form or an API answer.
pub(crate) fn as_problem(problem: &ContentProblem) -> Problem {
    match problem.language {
        Some(language) => Problem::new(format!("{}.{language}", problem.field), problem.code),
        None => Problem::new(problem.field, problem.code),
    }
}

/// The same reasons for a form or an API answer.
pub(crate) fn as_problems(problems: &[ContentProblem]) -> Vec<Problem> {
    problems.iter().map(as_problem).collect()
}
