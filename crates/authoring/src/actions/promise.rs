//! A new time for the next update, in one step, when the promised one passed before the update went out.

use chrono::{DateTime, Utc};
use domain::{Language, Revision, RevisionState};
use edge::Problem;
use render::dates::Dates;

use super::{Edit, Expected};
use crate::Authoring;
use crate::caller::Caller;
use crate::content::{ContentInput, WORDS, words_of};
use crate::error::{ActionError, Result};

/// What became of a revision that got a new time.
pub(crate) enum Promised {
    /// It waits for approval, as any change does.
    Sent,
    /// It is a draft: something has to be mended by hand first.
    Open,
}

impl Authoring {
    /// Sets the time of the next update and sends the revision for approval. Words of the template name the new time;
    /// words that somebody typed are never guessed at: while they name the old one, the revision stays a draft.
    ///
    /// # Errors
    /// Conflict when the revision is not the one that was looked at; the reason when the time has passed too.
    pub(crate) async fn promise_anew(
        &self,
        caller: &Caller,
        (id, expected): (i64, Expected),
        at: DateTime<Utc>,
    ) -> Result<Promised> {
        if at <= self.env().now() {
            return Err(ActionError::field("next", "next-update-passed"));
        }
        let before = self.case(self.store(), caller, id).await?.revision;
        if before.state == RevisionState::Draft && before.content.next_update_by == Some(at) {
            // Pressed again: what was left open is still open.
            return Ok(Promised::Open);
        }
        let input = ContentInput { next_update_by: Some(Some(at)), ..ContentInput::default() };
        let revision = self.edit_revision(caller, id, Edit { expected, input }).await?;
        let old = before.content.next_update_by;
        if old.is_some_and(|old| !self.naming(&revision, old).is_empty()) {
            return Ok(Promised::Open);
        }
        // The key of the request is the edit's; to send twice is harmless.
        let sender = Caller::from(caller.actor.clone());
        match self.submit(&sender, id).await {
            Ok(_) => Ok(Promised::Sent),
            Err(ActionError::Invalid(_)) => Ok(Promised::Open),
            Err(error) => Err(error),
        }
    }

    /// The words that name a time which is not the promised one any more.
    pub(crate) fn naming(&self, revision: &Revision, old: DateTime<Utc>) -> Vec<Problem> {
        let Some(new) = revision.content.next_update_by.filter(|new| *new != old) else { return Vec::new() };
        let zone = self.renderer().settings().time_zone;
        let mut found = Vec::new();
        for language in Language::ALL {
            let dates = Dates::new(zone, language);
            let time = dates.time(old);
            // On another day the hour may be the same; then nobody but a reader can tell.
            if dates.time(new) == time {
                continue;
            }
            for field in WORDS.into_iter().filter(|field| *field != "staff_note") {
                let text = words_of(&revision.content.words, field).and_then(|texts| texts.get(language));
                if text.is_some_and(|text| names(text, &time)) {
                    let problem = Problem::new(format!("{field}.{language}"), "names-old-time");
                    found.push(problem.with("time", time.as_str()));
                }
            }
        }
        found
    }
}

/// Whether a text names a time: `1pm`, but not the end of `11pm` or of `12:1pm`.
fn names(text: &str, time: &str) -> bool {
    text.match_indices(time).any(|(start, found)| {
        let before = text[..start].chars().next_back();
        let after = text[start + found.len()..].chars().next();
        !before.is_some_and(|letter| letter.is_alphanumeric() || matches!(letter, ':' | '.'))
            && !after.is_some_and(char::is_alphanumeric)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_found_where_it_stands_alone() {
        for text in ["By 1pm.", "1pm", "erbyn 1pm, ar y dudalen hon", "(1pm)"] {
            assert!(names(text, "1pm"), "{text}");
        }
        for text in ["By 11pm.", "2:1pm", "1pmish", "by 2pm"] {
            assert!(!names(text, "1pm"), "{text}");
        }
    }
}
